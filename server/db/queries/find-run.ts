import type { z } from "zod";
import type { DagId } from "../../domain/ids";
import type { Statement } from "../sql/statement";
import { Structure } from "./dag-structure";
import { RUN_COLUMNS, RunColumns, toRun } from "./run-row";

/** `latest` is what a person types for the newest one; a run that is really called so comes first. */
const TEXT = `
  select ${RUN_COLUMNS}, v.structure
    from dag_run r
    join dag_version v on (v.dag_id, v.number) = (r.dag_id, r.version)
   where r.dag_id = $1 and (r.run_id = $2 or $2 = 'latest')
   order by (r.run_id = $2) desc, r.run_key desc
   limit 1`;

const row = RunColumns.extend({ structure: Structure }).transform(({ structure, ...run }) => {
  return { ...toRun(run), structure };
});
export type RunWithStructure = z.infer<typeof row>;

/** One run with the structure that it is pinned to. */
export function findRun(dagId: DagId, runId: string): Statement<RunWithStructure> {
  return { name: "find_run", text: TEXT, values: [dagId, runId], row };
}
