import { z } from "zod";
import { ALERT_EVENTS, ALERT_LISTS, type AttemptKey } from "../../domain/alerts";
import { DagId, RunId, RunKey, TaskId } from "../../domain/ids";
import { REASONS } from "../../domain/task-instance";
import { ErrorJson } from "./error-json";
import { JsonText } from "./json-text";

/*
 * What there is to tell: the entry, its run, and the evidence of the attempt as its own row has it. Read at delivery, so
 * that what was killed or lost has said of itself all that it ever will.
 */

/** `o` is the outbox. */
export const FACT_COLUMNS = `o.id, o.dag_id, o.run_key, r.run_id, o.about, o.task_id, o.map_index, o.attempt, o.event, o.list,
  o.position, o.happened, o.tries, a.reason as end_reason, a.error, a.duration_ms, a.signal, a.exit_code`;

export const FACT_JOINS = `
  join dag_run r on r.run_key = o.run_key
  left join task_attempt a on (a.run_key, a.task_id, a.map_index, a.number)
                            = (o.run_key, o.task_id, o.map_index, o.attempt)`;

const Happened = z.object({
  reason: z.enum(REASONS).nullable(),
  durationMs: z.number().nullable(),
  failed: z.int(),
  /** Rows of an earlier version have none. */
  error: ErrorJson.nullable().default(null),
});

export const FactColumns = z.object({
  ...{ id: z.int(), dag_id: DagId, run_key: RunKey, run_id: RunId, about: z.enum(["task", "run"]) },
  ...{ task_id: TaskId.nullable(), map_index: z.int().nullable(), attempt: z.int().nullable() },
  ...{ event: z.enum(ALERT_EVENTS), list: z.enum(ALERT_LISTS), position: z.int(), tries: z.int() },
  happened: JsonText.pipe(Happened),
  end_reason: z.enum(REASONS).nullable(),
  error: JsonText.pipe(ErrorJson).nullable(),
  ...{ duration_ms: z.number().nullable(), signal: z.string().nullable(), exit_code: z.int().nullable() },
});

export type AlertFacts = ReturnType<typeof alertFacts>;

export function alertFacts(row: z.infer<typeof FactColumns>) {
  const { task_id: taskId, map_index: mapIndex, attempt } = row;
  const key: AttemptKey | null =
    taskId !== null && mapIndex !== null && attempt !== null ? { taskId, mapIndex, attempt } : null;
  return {
    ...{ id: row.id, dagId: row.dag_id, runKey: row.run_key, runId: row.run_id, about: row.about },
    ...{ event: row.event, list: row.list, position: row.position, tries: row.tries, attempt: key },
    happened: row.happened,
    /** Null where there was no attempt, or its row is gone. */
    end:
      row.end_reason === null
        ? null
        : {
            ...{ reason: row.end_reason, error: row.error, durationMs: row.duration_ms },
            ...{ signal: row.signal, exitCode: row.exit_code },
          },
  };
}
