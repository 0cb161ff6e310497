import { z } from "zod";
import type { RunKey } from "../../domain/ids";
import type { TaskInstance } from "../../domain/task-instance";
import { taskColumns } from "./move-tasks";
import type { Statement } from "./statement";

/** All tasks of new runs, as they are once the flush that creates them has decided: its first ones run already. */
const TEXT = `
  insert into task_instance (run_key, task_id, map_index, state, exec, attempt, worker, intent, reason, wake_at,
    scheduled_at, dispatched_at, started_at, ended_at, left_retry, left_lost, left_interrupted, left_queue_timeout)
  select * from unnest($1::bigint[], $2::text[], $3::int[], $4::text[], $5::uuid[], $6::int[],
    $7::uuid[], $8::text[], $9::text[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[],
    $13::timestamptz[], $14::timestamptz[], $15::int[], $16::int[], $17::int[], $18::int[])`;

export function insertTasks(
  rows: readonly { readonly runKey: RunKey; readonly task: TaskInstance }[],
): Statement<unknown> {
  const tasks = rows.map(({ task }) => task);
  return {
    name: "insert_tasks",
    text: TEXT,
    values: [
      rows.map(({ runKey }) => runKey),
      tasks.map(({ taskId }) => taskId),
      tasks.map(({ mapIndex }) => mapIndex),
      tasks.map(({ state }) => state),
      tasks.map(({ exec }) => exec),
      ...taskColumns(tasks),
    ],
    row: z.unknown(),
  };
}
