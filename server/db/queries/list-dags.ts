import { z } from "zod";
import { DagId, RunId } from "../../domain/ids";
import { RUN_STATES } from "../../domain/run-state";
import { DagSettings } from "../../domain/serialized-dag";
import type { Statement } from "../sql/statement";
import { JOIN_CURRENT_VERSION, StructureHead } from "./dag-structure";

const TEXT = `
  select d.dag_id, d.file, d.paused, d.quarantine, d.next_run, v.number as version, v.structure,
         r.run_id as last_run_id, r.state as last_run_state, r.run_after as last_run_after
    from dag d
    ${JOIN_CURRENT_VERSION}
    left join lateral (
      select run_id, state, run_after from dag_run where dag_id = d.dag_id order by run_key desc limit 1
    ) r on true
   where d.active
   order by d.dag_id`;

const UNREADABLE: StructureHead = { schedule: null, settings: DagSettings.parse({}) };

const row = z
  .object({
    dag_id: DagId,
    file: z.string(),
    paused: z.boolean(),
    quarantine: z.string().nullable(),
    next_run: z.date().nullable(),
    version: z.int(),
    // One that cannot be read must not hide the others.
    structure: StructureHead.catch(UNREADABLE),
    last_run_id: RunId.nullable(),
    last_run_state: z.enum(RUN_STATES).nullable(),
    last_run_after: z.date().nullable(),
  })
  .transform((dag) => ({
    dagId: dag.dag_id,
    file: dag.file,
    paused: dag.paused,
    quarantine: dag.quarantine,
    nextRun: dag.next_run,
    version: dag.version,
    ...dag.structure,
    lastRun:
      dag.last_run_id && dag.last_run_state && dag.last_run_after
        ? { runId: dag.last_run_id, state: dag.last_run_state, runAfter: dag.last_run_after }
        : null,
  }));
export type DagListRow = z.infer<typeof row>;

/** Every DAG that a file defines, by id. */
export function listDags(): Statement<DagListRow> {
  return { name: "list_dags", text: TEXT, values: [], row };
}
