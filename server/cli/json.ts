import type { AttemptRow } from "../db/queries/list-attempts";
import type { DagListRow } from "../db/queries/list-dags";
import type { ImportErrorRow } from "../db/queries/list-import-errors";
import type { TaskRow } from "../db/queries/list-tasks";
import type { RunRow } from "../db/queries/run-row";
import type { Schedule } from "../domain/serialized-dag";
import { durationSeconds } from "./format/duration";

/*
 * Rows as JSON, under the names that Airflow gives its keys, so that scripts written for it go on. What Airflow does not
 * have (reason, wake_at, ...) is added under a name of ours; nothing is left out for being null.
 */

const iso = (date: Date | null) => date?.toISOString() ?? null;

export const dagJson = (dag: Omit<DagListRow, "lastRun">) => ({
  dag_id: dag.dagId,
  dag_display_name: dag.settings.displayName ?? dag.dagId,
  description: dag.settings.description,
  relative_fileloc: dag.file,
  is_paused: dag.paused,
  quarantine: dag.quarantine,
  schedule: scheduleInWords(dag.schedule),
  timezone: dag.settings.timezone,
  tags: dag.settings.tags,
  owners: dag.settings.owners.map(({ name }) => name),
  catchup: dag.settings.catchup,
  max_active_runs: dag.settings.maxActiveRuns,
  max_active_tasks: dag.settings.maxActiveTasks,
  next_dagrun_run_after: iso(dag.nextRun),
  version_number: dag.version,
});

export const scheduleInWords = (schedule: Schedule): string | null => {
  if (schedule === null) return null;
  return "cron" in schedule ? schedule.cron.join(" | ") : "@once";
};

export const runJson = (run: RunRow) => ({
  dag_id: run.dagId,
  run_id: run.runId,
  run_type: run.type,
  state: run.state,
  reason: run.reason,
  error: run.error,
  logical_date: iso(run.logicalDate),
  data_interval_start: iso(run.intervalStart),
  data_interval_end: iso(run.intervalEnd),
  run_after: iso(run.runAfter),
  queued_at: iso(run.queuedAt),
  start_date: iso(run.startedAt),
  end_date: iso(run.endedAt),
  duration: durationSeconds(run.startedAt, run.endedAt),
  conf: run.conf,
  triggered_by: run.triggeredBy,
  version_number: run.version,
  clear_number: run.clearNumber,
});

export const taskJson = ({ dagId, runId }: Pick<RunRow, "dagId" | "runId">, task: TaskRow) => ({
  dag_id: dagId,
  run_id: runId,
  task_id: task.taskId,
  map_index: task.mapIndex,
  try_number: task.attempt,
  max_tries: task.attempt - 1 + task.retriesLeft,
  state: task.state,
  reason: task.reason,
  scheduled_when: iso(task.scheduledAt),
  start_date: iso(task.startedAt),
  end_date: iso(task.endedAt),
  duration: durationSeconds(task.startedAt, task.endedAt),
  wake_at: iso(task.wakeAt),
});

export const attemptJson = (attempt: AttemptRow) => ({
  task_id: attempt.taskId,
  map_index: attempt.mapIndex,
  try_number: attempt.number,
  state: attempt.state,
  reason: attempt.reason,
  start_date: iso(attempt.startedAt),
  end_date: iso(attempt.endedAt),
  duration: attempt.durationMs === null ? null : attempt.durationMs / 1_000,
  hostname: attempt.host,
  pid: attempt.pid,
  exit_code: attempt.exitCode,
  signal: attempt.signal,
  error: attempt.error,
});

export const importErrorJson = (error: ImportErrorRow) => ({
  filename: error.file,
  severity: error.severity,
  code: error.code,
  sentence: error.sentence,
  line: error.line,
  column: error.column,
  frame: error.frame,
  stack_trace: error.stack,
  dag_ids: error.dagIds,
  timestamp: iso(error.seenAt),
});
