import { z } from "zod";
import { DagId } from "../../domain/ids";
import type { Statement } from "../sql/statement";
import { JOIN_CURRENT_VERSION, Structure } from "./dag-structure";

const TEXT = `
  select d.dag_id, d.file, d.paused, d.active, d.quarantine, d.next_run, v.number as version, v.structure,
         v.created_at as version_created_at,
         (p.id is not null) as owned
    from dag d
    ${JOIN_CURRENT_VERSION}
    left join process p on p.id = d.owner and not p.dead
   where d.dag_id = $1`;

const row = z
  .object({
    dag_id: DagId,
    file: z.string(),
    paused: z.boolean(),
    active: z.boolean(),
    quarantine: z.string().nullable(),
    next_run: z.date().nullable(),
    version: z.int(),
    version_created_at: z.date(),
    structure: Structure,
    owned: z.boolean(),
  })
  .transform((dag) => ({
    dagId: dag.dag_id,
    file: dag.file,
    paused: dag.paused,
    active: dag.active,
    /** Why no scheduler holds it at the moment; null where that has no reason of its own. */
    quarantine: dag.quarantine,
    nextRun: dag.next_run,
    version: dag.version,
    versionCreatedAt: dag.version_created_at,
    structure: dag.structure,
    /** Whether a live scheduler holds it. */
    owned: dag.owned,
  }));
export type DagRow = z.infer<typeof row>;

/** One DAG, with the structure that new runs get. */
export function findDag(dagId: string): Statement<DagRow> {
  return { name: "find_dag", text: TEXT, values: [dagId], row };
}
