import { z } from "zod";
import { RunKey, TaskId } from "../../domain/ids";
import type { Statement } from "./statement";

const row = z
  .object({
    ...{ run_key: RunKey, task_id: TaskId, map_index: z.int() },
    ...{ value: z.string().nullable(), reference: z.string().nullable(), bytes: z.int() },
  })
  .transform(({ run_key, task_id, map_index, ...rest }) => ({
    ...{ runKey: run_key, taskId: task_id, mapIndex: map_index },
    ...rest,
  }));

export type ValueRow = z.infer<typeof row>;

/** The key under which a task's own result stands. */
export const RESULT_KEY = "return_value";

/** Results that a new owner, or one whose memory let them go, needs as inputs. */
export function readResults(runKey: RunKey, taskIds: readonly TaskId[]): Statement<ValueRow> {
  return {
    name: "read_results",
    text: `select run_key, task_id, map_index, value, reference, bytes from xcom
            where run_key = $1 and task_id = any($2) and key = '${RESULT_KEY}'`,
    values: [runKey, taskIds],
    row,
  };
}
