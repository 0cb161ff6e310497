import { z } from "zod";
import { DagId, RunId, RunKey } from "../../domain/ids";
import type { Statement } from "./statement";

/** Which of these runs there are. */
export function knownRuns(runKeys: readonly RunKey[]): Statement<{ run_key: RunKey }> {
  return {
    name: "known_runs",
    text: "select run_key from dag_run where run_key = any($1)",
    values: [runKeys],
    row: z.object({ run_key: RunKey }),
  };
}

const openRun = z
  .object({ dag_id: DagId, run_id: RunId })
  .transform((run) => ({ dagId: run.dag_id, runId: run.run_id }));

/** Every run that is not over. */
export const openRuns: Statement<z.infer<typeof openRun>> = {
  name: "open_runs",
  text: "select dag_id, run_id from dag_run where state in ('queued', 'running')",
  values: [],
  row: openRun,
};
