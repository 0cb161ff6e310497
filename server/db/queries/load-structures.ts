import { z } from "zod";
import type { DagId } from "../../domain/ids";
import { DagSettings } from "../../domain/serialized-dag";
import type { Statement } from "../sql/statement";
import { StructureHead } from "./dag-structure";

interface VersionKey {
  readonly dagId: DagId;
  readonly version: number;
}

const TEXT = `
  select dag_id, structure_hash, structure from dag_version
    join unnest($1::text[], $2::int[]) as wanted (dag_id, number) using (dag_id, number)`;

const UNREADABLE: StructureHead = { schedule: null, settings: DagSettings.parse({}) };

const row = z
  .object({
    dag_id: z.string(),
    structure_hash: z.string(),
    // One that cannot be read must not hide the others.
    structure: StructureHead.catch(UNREADABLE),
  })
  .transform((version) => ({
    ...{ dagId: version.dag_id, structureHash: version.structure_hash, head: version.structure },
  }));

/** As much of these versions as a list shows. */
export function loadStructures(wanted: readonly VersionKey[]): Statement<z.infer<typeof row>> {
  const values = [wanted.map(({ dagId }) => dagId), wanted.map(({ version }) => version)];
  return { name: "load_structures", text: TEXT, values, row };
}
