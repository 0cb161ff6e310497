import { z } from "zod";
import { TaskId, type RunKey } from "../../domain/ids";
import { ErrorJson } from "../sql/error-json";
import { JsonText } from "../sql/json-text";
import type { Statement } from "../sql/statement";

const TEXT = `
  select task_id, map_index, number, state, reason, started_at, ended_at, duration_ms, host, pid, exit_code, signal,
         error, log_bytes, log_truncated
    from task_attempt
   where run_key = $1 and ($2::text is null or task_id = $2)
   order by task_id, map_index, number`;

const row = z
  .object({
    task_id: TaskId,
    map_index: z.int(),
    number: z.int(),
    state: z.string(),
    reason: z.string(),
    started_at: z.date().nullable(),
    ended_at: z.date(),
    duration_ms: z.number().nullable(),
    host: z.string().nullable(),
    pid: z.int().nullable(),
    exit_code: z.int().nullable(),
    signal: z.string().nullable(),
    error: JsonText.pipe(ErrorJson).nullable(),
    log_bytes: z.int(),
    log_truncated: z.boolean(),
  })
  .transform((attempt) => ({
    taskId: attempt.task_id,
    mapIndex: attempt.map_index,
    number: attempt.number,
    state: attempt.state,
    reason: attempt.reason,
    startedAt: attempt.started_at,
    endedAt: attempt.ended_at,
    durationMs: attempt.duration_ms,
    host: attempt.host,
    pid: attempt.pid,
    exitCode: attempt.exit_code,
    signal: attempt.signal,
    error: attempt.error,
    logBytes: attempt.log_bytes,
    logTruncated: attempt.log_truncated,
  }));
export type AttemptRow = z.infer<typeof row>;

/** The attempts that have ended, of one task or of the whole run, oldest first. */
export function listAttempts(runKey: RunKey, taskId: TaskId | null): Statement<AttemptRow> {
  return { name: "list_attempts", text: TEXT, values: [runKey, taskId], row };
}
