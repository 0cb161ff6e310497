import { z } from "zod";
import { DagId, RunId, RunKey } from "../../domain/ids";
import { RUN_STATES, RUN_TYPES } from "../../domain/run-state";
import { Json } from "../../domain/serialized-dag";
import { REASONS } from "../../domain/task-instance";
import { ErrorJson } from "../sql/error-json";
import { JsonText } from "../sql/json-text";

/** Of `dag_run r`, for lists and single runs alike. */
export const RUN_COLUMNS = `r.run_key, r.dag_id, r.run_id, r.type, r.state, r.reason, r.logical_date, r.interval_start,
  r.interval_end, r.run_after, r.conf, r.version, r.clear_number, r.triggered_by, r.queued_at, r.started_at, r.ended_at,
  r.error, (r.intent is not null) as ending`;

export const RunColumns = z.object({
  run_key: RunKey,
  dag_id: DagId,
  run_id: RunId,
  type: z.enum(RUN_TYPES),
  state: z.enum(RUN_STATES),
  reason: z.enum(REASONS).nullable(),
  logical_date: z.date().nullable(),
  interval_start: z.date(),
  interval_end: z.date(),
  run_after: z.date(),
  conf: JsonText.pipe(z.record(z.string(), Json)),
  version: z.int(),
  clear_number: z.int(),
  triggered_by: z.string(),
  queued_at: z.date(),
  started_at: z.date().nullable(),
  ended_at: z.date().nullable(),
  error: JsonText.pipe(ErrorJson).nullable(),
  ending: z.boolean(),
});

export const RunRow = RunColumns.transform(toRun);
export type RunRow = z.infer<typeof RunRow>;

export function toRun(run: z.infer<typeof RunColumns>) {
  return {
    runKey: run.run_key,
    dagId: run.dag_id,
    runId: run.run_id,
    type: run.type,
    state: run.state,
    reason: run.reason,
    logicalDate: run.logical_date,
    intervalStart: run.interval_start,
    intervalEnd: run.interval_end,
    runAfter: run.run_after,
    conf: run.conf,
    version: run.version,
    clearNumber: run.clear_number,
    triggeredBy: run.triggered_by,
    queuedAt: run.queued_at,
    startedAt: run.started_at,
    endedAt: run.ended_at,
    /** What failed it when none of its tasks did. */
    error: run.error,
    /** Somebody, or its time limit, has ended it; its running tasks are stopping. */
    ending: run.ending,
  };
}
