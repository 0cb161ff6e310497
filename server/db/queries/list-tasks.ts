import { z } from "zod";
import { TaskId, type RunKey } from "../../domain/ids";
import { REASONS, TASK_STATES } from "../../domain/task-instance";
import type { Statement } from "../sql/statement";

const TEXT = `
  select task_id, map_index, state, attempt, reason, wake_at, scheduled_at, dispatched_at, started_at, ended_at,
         left_retry, (intent is not null) as ending
    from task_instance where run_key = $1 order by task_id, map_index`;

const row = z
  .object({
    task_id: TaskId,
    map_index: z.int(),
    state: z.enum(TASK_STATES),
    attempt: z.int(),
    reason: z.enum(REASONS).nullable(),
    wake_at: z.date().nullable(),
    scheduled_at: z.date().nullable(),
    dispatched_at: z.date().nullable(),
    started_at: z.date().nullable(),
    ended_at: z.date().nullable(),
    left_retry: z.int(),
    ending: z.boolean(),
  })
  .transform((task) => ({
    taskId: task.task_id,
    mapIndex: task.map_index,
    state: task.state,
    attempt: task.attempt,
    reason: task.reason,
    /** When a waiting task is looked at again. */
    wakeAt: task.wake_at,
    scheduledAt: task.scheduled_at,
    dispatchedAt: task.dispatched_at,
    startedAt: task.started_at ?? task.dispatched_at,
    endedAt: task.ended_at,
    retriesLeft: task.left_retry,
    /** It was told to end, and its exit is not confirmed yet. */
    ending: task.ending,
  }));
export type TaskRow = z.infer<typeof row>;

/** The tasks of one run as they are now. */
export function listTasks(runKey: RunKey): Statement<TaskRow> {
  return { name: "list_tasks", text: TEXT, values: [runKey], row };
}
