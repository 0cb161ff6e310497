import { z } from "zod";
import { DagId, RunId, RunKey, Exec, ProcessId, TaskId } from "../../domain/ids";
import { Json } from "../../domain/serialized-dag";
import { RUN_STATES, RUN_TYPES, type RunHead, type RunProgress } from "../../domain/run-state";
import { REASONS, TASK_STATES, type TaskInstance } from "../../domain/task-instance";
import { ErrorJson } from "./error-json";
import type { Statement } from "./statement";

/*
 * What an owner reads of the DAGs it has claimed, in one transaction begun after the claim. If owner or epoch are no
 * longer those of the claim, the DAG is dropped: its rows may be another owner's by now.
 */
const parseJson = <T>(schema: z.ZodType<T>) =>
  z.string().transform((text): T => schema.parse(JSON.parse(text)));

const dagRow = z
  .object({
    ...{
      dag_id: DagId,
      file: z.string(),
      paused: z.boolean(),
      active: z.boolean(),
      owner: ProcessId.nullable(),
    },
    ...{ owner_epoch: z.int(), current_version: z.int().nullable() },
    ...{ next_run: z.date().nullable(), last_tick: z.date().nullable(), created_at: z.date() },
  })
  .transform((row) => ({
    ...{ dagId: row.dag_id, file: row.file, paused: row.paused, active: row.active, owner: row.owner },
    ...{ epoch: row.owner_epoch, currentVersion: row.current_version },
    ...{ nextRun: row.next_run, lastTick: row.last_tick, createdAt: row.created_at },
  }));
export type DagRow = z.infer<typeof dagRow>;

export function loadDags(dagIds: readonly DagId[]): Statement<DagRow> {
  return {
    name: "load_dags",
    text: `select dag_id, file, paused, active, owner, owner_epoch, current_version, next_run, last_tick, created_at
             from dag where dag_id = any($1)`,
    values: [dagIds],
    row: dagRow,
  };
}

const versionRow = z
  .object({
    ...{ dag_id: DagId, number: z.int(), bundle_hash: z.string(), structure_hash: z.string() },
    structure: z.string(),
  })
  .transform((row) => ({
    ...{ dagId: row.dag_id, number: row.number, bundleHash: row.bundle_hash },
    ...{ structureHash: row.structure_hash, structure: row.structure },
  }));
/** `structure` is text still: whoever takes the version into memory parses it, and knows whose it is if that fails. */
export type VersionRow = z.infer<typeof versionRow>;

/** The newest version of each DAG and those that its open runs are pinned to. */
export function loadVersions(dagIds: readonly DagId[]): Statement<VersionRow> {
  return {
    name: "load_versions",
    text: `
      select v.dag_id, v.number, v.bundle_hash, v.structure_hash, v.structure from dag_version v
       where v.dag_id = any($1)
         and (v.number = (select max(n.number) from dag_version n where n.dag_id = v.dag_id)
           or exists (select from dag_run r where r.dag_id = v.dag_id and r.version = v.number
                         and r.state in ('queued', 'running')))`,
    values: [dagIds],
    row: versionRow,
  };
}

/** One version, for a run that ended long ago and is cleared now. */
export function loadVersion(dagId: DagId, number: number): Statement<VersionRow> {
  return {
    name: "load_version",
    text: `select dag_id, number, bundle_hash, structure_hash, structure from dag_version
            where dag_id = $1 and number = $2`,
    values: [dagId, number],
    row: versionRow,
  };
}

const RUN_COLUMNS = `run_key, dag_id, run_id, type, state, intent, reason, logical_date, interval_start, interval_end,
  run_after, conf, version, clear_number, triggered_by, queued_at, started_at, ended_at, error`;

const RunIntentJson = z.strictObject({
  to: z.enum(["success", "failed"]),
  reason: z.enum(["cancelled", "run_timeout", "params_invalid", "deadlock", "marked"]),
  error: ErrorJson.exactOptional(),
});

const runRow = z
  .object({
    ...{ run_key: RunKey, dag_id: DagId, run_id: RunId, type: z.enum(RUN_TYPES), state: z.enum(RUN_STATES) },
    ...{ intent: parseJson(RunIntentJson).nullable(), reason: z.enum(REASONS).nullable() },
    ...{
      logical_date: z.date().nullable(),
      interval_start: z.date(),
      interval_end: z.date(),
      run_after: z.date(),
    },
    ...{ conf: parseJson(z.record(z.string(), Json)), version: z.int(), clear_number: z.int() },
    ...{ triggered_by: z.string(), queued_at: z.date() },
    ...{ started_at: z.date().nullable(), ended_at: z.date().nullable() },
    error: parseJson(ErrorJson).nullable(),
  })
  .transform((row): { head: RunHead; progress: RunProgress } => ({
    head: {
      ...{ runKey: row.run_key, dagId: row.dag_id, runId: row.run_id, type: row.type, conf: row.conf },
      ...{ logicalDate: row.logical_date, intervalStart: row.interval_start, intervalEnd: row.interval_end },
      ...{
        runAfter: row.run_after,
        version: row.version,
        triggeredBy: row.triggered_by,
        queuedAt: row.queued_at,
      },
    },
    progress: {
      ...{ state: row.state, intent: row.intent, reason: row.reason, clearNumber: row.clear_number },
      ...{ startedAt: row.started_at, endedAt: row.ended_at, error: row.error },
    },
  }));
export type RunRow = z.infer<typeof runRow>;

export function loadOpenRuns(dagIds: readonly DagId[]): Statement<RunRow> {
  return {
    name: "load_open_runs",
    text: `select ${RUN_COLUMNS} from dag_run
            where dag_id = any($1) and state in ('queued', 'running') order by run_key`,
    values: [dagIds],
    row: runRow,
  };
}

export function loadRun(dagId: DagId, runId: RunId): Statement<RunRow> {
  return {
    name: "load_run",
    text: `select ${RUN_COLUMNS} from dag_run where dag_id = $1 and run_id = $2`,
    values: [dagId, runId],
    row: runRow,
  };
}

/** Runs that may have ended, for their callbacks. */
export function loadRuns(runKeys: readonly RunKey[]): Statement<RunRow> {
  return {
    name: "load_runs",
    text: `select ${RUN_COLUMNS} from dag_run where run_key = any($1)`,
    values: [runKeys],
    row: runRow,
  };
}

/** Whatever stands in the way of a new run: its id or its logical date, taken by any kind of run. */
export function findRuns(
  dagId: DagId,
  runIds: readonly string[],
  logicalDates: readonly Date[],
): Statement<RunRow> {
  return {
    name: "find_runs",
    text: `select ${RUN_COLUMNS} from dag_run
            where dag_id = $1 and (run_id = any($2) or logical_date = any($3::timestamptz[]))`,
    values: [dagId, runIds, logicalDates.map((date) => date.toISOString())],
    row: runRow,
  };
}

const IntentJson = z.strictObject({
  to: z.enum(["success", "failed", "skipped"]),
  reason: z.enum(REASONS),
});

const taskRow = z
  .object({
    ...{ run_key: RunKey, task_id: TaskId, map_index: z.int(), state: z.enum(TASK_STATES), attempt: z.int() },
    ...{ exec: Exec.nullable(), worker: ProcessId.nullable(), intent: parseJson(IntentJson).nullable() },
    ...{
      reason: z.enum(REASONS).nullable(),
      wake_at: z.date().nullable(),
      scheduled_at: z.date().nullable(),
    },
    ...{ dispatched_at: z.date().nullable(), started_at: z.date().nullable(), ended_at: z.date().nullable() },
    ...{ left_retry: z.int(), left_lost: z.int(), left_interrupted: z.int(), left_queue_timeout: z.int() },
  })
  .transform((row): { runKey: RunKey; task: Omit<TaskInstance, "policy"> } => ({
    runKey: row.run_key,
    task: {
      ...{ taskId: row.task_id, mapIndex: row.map_index, state: row.state, attempt: row.attempt },
      ...{ exec: row.exec, worker: row.worker, intent: row.intent, reason: row.reason, wakeAt: row.wake_at },
      ...{ scheduledAt: row.scheduled_at, dispatchedAt: row.dispatched_at },
      ...{ startedAt: row.started_at, endedAt: row.ended_at },
      left: {
        ...{ retry: row.left_retry, lost: row.left_lost },
        ...{ interrupted: row.left_interrupted, queue_timeout: row.left_queue_timeout },
      },
    },
  }));
export type TaskRow = z.infer<typeof taskRow>;

const TASK_COLUMNS = `t.run_key, t.task_id, t.map_index, t.state, t.attempt, t.exec, t.worker, t.intent, t.reason,
  t.wake_at, t.scheduled_at, t.dispatched_at, t.started_at, t.ended_at, t.left_retry, t.left_lost, t.left_interrupted,
  t.left_queue_timeout`;

export function loadOpenTasks(dagIds: readonly DagId[]): Statement<TaskRow> {
  return {
    name: "load_open_tasks",
    text: `select ${TASK_COLUMNS} from task_instance t
             join dag_run r on r.run_key = t.run_key
            where r.dag_id = any($1) and r.state in ('queued', 'running')`,
    values: [dagIds],
    row: taskRow,
  };
}

export function loadTasks(runKey: RunKey): Statement<TaskRow> {
  return {
    name: "load_tasks",
    text: `select ${TASK_COLUMNS} from task_instance t where t.run_key = $1`,
    values: [runKey],
    row: taskRow,
  };
}
