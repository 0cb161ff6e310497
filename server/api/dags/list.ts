import { z } from "zod";
import { countImportErrors } from "../../db/queries/count-import-errors";
import type { DagListEntry } from "../../db/queries/open-dag-list";
import { query } from "../../db/sql/statement";
import { errorLine, runErrorLine } from "../../domain/error-line";
import { DagId, RunId, TaskId } from "../../domain/ids";
import { reasonInWords } from "../../domain/reason-in-words";
import { Schedule } from "../../domain/serialized-dag";
import { REASONS } from "../../domain/task-instance";
import { NoInput, procedure } from "../trpc";

/** Runs were parsed as they left the database: of 1,000 DAGs there are 14,000, too many to be parsed again. */
const DagSummary = z.object({
  dagId: DagId,
  displayName: z.string().nullable(),
  tags: z.array(z.string()),
  owners: z.array(z.string()),
  file: z.string(),
  /** Why the file does not load any more; the DAG goes on with the last version that did. */
  fileError: z.string().nullable(),
  paused: z.boolean(),
  /** Why nothing of it moves, if so. */
  quarantine: z.string().nullable(),
  schedule: Schedule,
  timezone: z.string(),
  /** Null: none is planned, or it is paused. */
  nextRun: z.date().nullable(),
  /** The newest that has ended. */
  lastRun: z
    .strictObject({
      runId: RunId,
      state: z.enum(["success", "failed"]),
      reason: z.enum(REASONS).nullable(),
      /** Of a failed one, in one line. */
      why: z.string().nullable(),
      failedTaskId: TaskId.nullable(),
      endedAt: z.date(),
    })
    .nullable(),
  /** What is in progress: of several the oldest that runs. */
  now: z
    .strictObject({
      runId: RunId,
      state: z.enum(["queued", "running"]),
      queuedAt: z.date(),
      startedAt: z.date().nullable(),
      /** How many besides this one. */
      others: z.int(),
    })
    .nullable(),
  /** The newest 14, oldest first; no duration while one has not ended, nor if it never started. */
  runs: z.custom<DagListEntry["runs"]>(Array.isArray),
});

export const list = procedure("dag.read")
  .input(NoInput)
  .output(z.strictObject({ dags: z.array(DagSummary), filesThatDoNotLoad: z.int() }))
  .query(async ({ ctx: { db, dagList } }) => {
    const [dags, [count]] = await Promise.all([dagList(), query(db, countImportErrors())]);
    return { dags: dags.map(summary), filesThatDoNotLoad: count?.errors ?? 0 };
  });

function summary({ settings, lastRun, openRun, openRuns, ...dag }: DagListEntry): z.input<typeof DagSummary> {
  return {
    ...dag,
    displayName: settings.displayName,
    tags: settings.tags,
    owners: settings.owners.map(({ name }) => name),
    timezone: settings.timezone,
    nextRun: dag.paused ? null : dag.nextRun,
    lastRun: lastRun && lastRunOf(lastRun),
    now: openRun && { ...openRun, others: openRuns - 1 },
  };
}

function lastRunOf({ error, evidence, ...run }: NonNullable<DagListEntry["lastRun"]>) {
  if (run.state === "success") return { ...run, why: null };
  const line = error ? runErrorLine(error) : errorLine(evidence);
  return { ...run, why: line ?? (run.reason && reasonInWords(run.reason)) };
}
