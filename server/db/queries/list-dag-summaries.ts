import { z } from "zod";
import { DagId, RunId, TaskId } from "../../domain/ids";
import { RUN_STATES } from "../../domain/run-state";
import { REASONS } from "../../domain/task-instance";
import { ErrorJson } from "../sql/error-json";
import { JsonText } from "../sql/json-text";
import type { Statement } from "../sql/statement";
import { JOIN_CURRENT_VERSION } from "./dag-structure";

/** As many bars as a row of the list has. */
const RUNS = 14;

/*
 * Each lateral join reads few rows by an index: the newest runs, the newest that has ended, those that are open, and of a
 * failed one the attempt that failed first.
 */
const TEXT = `
  select d.dag_id, d.file, d.paused, d.quarantine, d.next_run, v.number as version,
         v.structure_hash, i.sentence as file_error,
         coalesce(b.runs, '[]') as runs,
         l.run_id as last_run_id, l.state as last_state, l.reason as last_reason, l.ended_at as last_ended_at,
         l.error as last_error, a.task_id as failed_task_id, a.error as attempt_error, a.signal, a.exit_code,
         o.run_id as open_run_id, o.state as open_state, o.queued_at as open_queued_at, o.started_at as open_started_at,
         coalesce(o.open, 0)::int as open
    from dag d
    ${JOIN_CURRENT_VERSION}
    left join import_error i on i.file = d.file and i.severity = 'error'
    left join lateral (
      select json_agg(json_build_array(run_id, state, reason,
                                       (extract(epoch from ended_at - started_at) * 1000)::bigint) order by run_key) as runs
        from (select run_key, run_id, state, reason, started_at, ended_at from dag_run
               where dag_id = d.dag_id order by run_key desc limit ${RUNS}) newest
    ) b on true
    left join lateral (
      select run_key, run_id, state, reason, ended_at, error from dag_run
       where dag_id = d.dag_id and state in ('success', 'failed') order by run_key desc limit 1
    ) l on true
    left join lateral (
      select task_id, error, signal, exit_code from task_attempt
       where run_key = l.run_key and l.state = 'failed' and state = 'failed' order by ended_at limit 1
    ) a on true
    left join lateral (
      select run_id, state, queued_at, started_at, count(*) over () as open from dag_run
       where dag_id = d.dag_id and state in ('queued', 'running') order by state desc, run_key limit 1
    ) o on true
   where d.active
   order by d.dag_id`;

const Bar = z
  .tuple([RunId, z.enum(RUN_STATES), z.enum(REASONS).nullable(), z.int().nullable()])
  .transform(([runId, state, reason, durationMs]) => ({ runId, state, reason, durationMs }));

const row = z
  .object({
    dag_id: DagId,
    file: z.string(),
    paused: z.boolean(),
    quarantine: z.string().nullable(),
    next_run: z.date().nullable(),
    version: z.int(),
    structure_hash: z.string(),
    file_error: z.string().nullable(),
    runs: z.array(Bar),
    last_run_id: RunId.nullable(),
    last_state: z.enum(["success", "failed"]).nullable(),
    last_reason: z.enum(REASONS).nullable(),
    last_ended_at: z.date().nullable(),
    last_error: JsonText.pipe(ErrorJson).nullable(),
    failed_task_id: TaskId.nullable(),
    attempt_error: JsonText.pipe(ErrorJson).nullable(),
    signal: z.string().nullable(),
    exit_code: z.int().nullable(),
    open_run_id: RunId.nullable(),
    open_state: z.enum(["queued", "running"]).nullable(),
    open_queued_at: z.date().nullable(),
    open_started_at: z.date().nullable(),
    open: z.int(),
  })
  .transform((dag) => ({
    dagId: dag.dag_id,
    file: dag.file,
    paused: dag.paused,
    quarantine: dag.quarantine,
    nextRun: dag.next_run,
    version: dag.version,
    structureHash: dag.structure_hash,
    /** Why its file does not load any more; it goes on with the last version that did. */
    fileError: dag.file_error,
    /** The newest, oldest first. */
    runs: dag.runs,
    /** The newest that has ended. */
    lastRun:
      dag.last_run_id && dag.last_state && dag.last_ended_at
        ? {
            ...{ runId: dag.last_run_id, state: dag.last_state, reason: dag.last_reason },
            ...{ endedAt: dag.last_ended_at, error: dag.last_error, failedTaskId: dag.failed_task_id },
            evidence: { error: dag.attempt_error, signal: dag.signal, exitCode: dag.exit_code },
          }
        : null,
    /** Of those that have not ended the oldest that runs, else the oldest that waits. */
    openRun:
      dag.open_run_id && dag.open_state && dag.open_queued_at
        ? {
            ...{ runId: dag.open_run_id, state: dag.open_state },
            ...{ queuedAt: dag.open_queued_at, startedAt: dag.open_started_at },
          }
        : null,
    openRuns: dag.open,
  }));
export type DagSummaryRow = z.infer<typeof row>;

/** Every DAG that a file defines, by id, with what a list of them shows. */
export function listDagSummaries(): Statement<DagSummaryRow> {
  return { name: "list_dag_summaries", text: TEXT, values: [], row };
}
