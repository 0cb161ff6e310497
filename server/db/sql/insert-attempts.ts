import { z } from "zod";
import type { RunKey } from "../../domain/ids";
import type { Reason, TaskInstance } from "../../domain/task-instance";
import type { ErrorFacts } from "../../executor/protocol";
import type { Statement } from "./statement";
import { storableText } from "./text";

/** What is known of an attempt beyond its task row; all null when nobody could tell (its worker is lost). */
export interface Evidence {
  readonly durationMs: number | null;
  readonly host: string | null;
  readonly pid: number | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly error: ErrorFacts | null;
  readonly fingerprint: string | null;
  readonly logBytes: number;
  readonly logTruncated: boolean;
}

export interface EndedAttempt extends Evidence {
  readonly runKey: RunKey;
  readonly version: number;
  /** As its row was while it was live. */
  readonly task: TaskInstance;
  readonly state: "success" | "failed" | "skipped";
  readonly reason: Reason;
  readonly startedAt: Date | null;
  readonly endedAt: Date;
}

/** History: written once, when the attempt ends. */
export function insertAttempts(ended: readonly EndedAttempt[]): Statement<unknown> {
  return {
    name: "insert_attempts",
    text: "select vane_insert_attempts($1)",
    values: [JSON.stringify(ended.map(rowOf))],
    row: z.unknown(),
  };
}

const rowOf = ({ task, error, ...attempt }: EndedAttempt) => ({
  run_key: attempt.runKey,
  task_id: task.taskId,
  map_index: task.mapIndex,
  number: task.attempt,
  state: attempt.state,
  reason: attempt.reason,
  scheduled_at: task.scheduledAt,
  dispatched_at: task.dispatchedAt,
  started_at: attempt.startedAt,
  ended_at: attempt.endedAt,
  duration_ms: attempt.durationMs,
  exec: task.exec,
  worker: task.worker,
  host: attempt.host,
  pid: attempt.pid,
  version: attempt.version,
  exit_code: attempt.exitCode,
  signal: attempt.signal,
  error: error ? storableText(JSON.stringify(error)) : null,
  fingerprint: attempt.fingerprint,
  log_bytes: attempt.logBytes,
  log_truncated: attempt.logTruncated,
});
