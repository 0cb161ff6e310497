import { z } from "zod";
import { DagId, RunId, RunKey } from "../../domain/ids";
import type { Cutoffs } from "../../domain/retention";
import type { Statement } from "./statement";

/** Runs that people or callbacks have something open with: an alert is composed from the run's rows when it is sent. */
const OPEN_ALERTS = `
  select run_key from outbox where kind = 'function' and state in ('pending', 'sending')
  union all
  select run_key from outbox where kind = 'notifier' and state in ('pending', 'sending')`;

/**
 * Runs that may go: ended long ago, and not among the newest of their DAG. Their keys rise with time, so that of each DAG
 * only the old end of the list is read ($1: key, $2: end, $3: how many stay).
 */
const OLD_RUNS = `
  select old.run_key
    from dag d
   cross join lateral (
     select run_key from dag_run where dag_id = d.dag_id order by run_key desc offset $3 limit 1) as newest
   cross join lateral (
     select r.run_key from dag_run r
      where r.dag_id = d.dag_id and r.run_key <= newest.run_key and r.run_key < $1
        and r.state in ('success', 'failed') and r.ended_at < $2
        and r.run_key not in (${OPEN_ALERTS})
      order by r.run_key
      limit $4) as old
   limit $4`;

/*
 * One slice: whole runs with all that hangs on them, about $5 tasks, so that no statement is long. State and end are
 * looked at again under the row's lock: a run that was cleared since, or is being cleared, stays. The other way round the
 * clear is refused by the row counts of its flush (move-runs.ts) and is told that there is no such run.
 */
const TEXT = `
  with old as (${OLD_RUNS}
  ), sized as (
    select run_key, sum(1 + (select count(*) from task_instance t where t.run_key = old.run_key))
                      over (order by run_key) as tasks
      from old
  ), chosen as (
    select r.run_key, r.dag_id, r.run_id from dag_run r
     where r.run_key = any (array(
             select run_key from sized where tasks <= $5 or run_key = (select min(run_key) from sized)))
       and r.state in ('success', 'failed') and r.ended_at < $2
     order by r.run_key
       for update skip locked
  ), tasks as (
    delete from task_instance t using chosen c where t.run_key = c.run_key
  ), attempts as (
    delete from task_attempt a using chosen c where a.run_key = c.run_key
  ), results as (
    delete from xcom x using chosen c where x.run_key = c.run_key
  )
  delete from dag_run r using chosen c where r.run_key = c.run_key
  returning r.run_key, r.dag_id, r.run_id`;

const row = z
  .object({ run_key: RunKey, dag_id: DagId, run_id: RunId })
  .transform((run) => ({ runKey: run.run_key, dagId: run.dag_id, runId: run.run_id }));
export type PrunedRun = z.infer<typeof row>;

const MAX_RUNS = 200;
const MAX_TASKS = 5_000;

/** No row: there is nothing more to delete, or somebody else is at it. */
export function pruneRuns(
  { endedBefore, keyBefore, keepNewest }: NonNullable<Cutoffs["runs"]>,
  maxTasks = MAX_TASKS,
): Statement<PrunedRun> {
  return {
    name: "prune_runs",
    text: TEXT,
    values: [keyBefore, endedBefore.toISOString(), keepNewest, MAX_RUNS, maxTasks],
    row,
  };
}

/** How many it would be. */
export function countOldRuns({
  endedBefore,
  keyBefore,
  keepNewest,
}: NonNullable<Cutoffs["runs"]>): Statement<{ count: number }> {
  return {
    name: "count_old_runs",
    text: `select count(*) as count from (${OLD_RUNS}) as runs`,
    values: [keyBefore, endedBefore.toISOString(), keepNewest, null],
    row: z.object({ count: z.int() }),
  };
}
