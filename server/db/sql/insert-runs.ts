import { z } from "zod";
import type { ProcessId } from "../../domain/ids";
import type { RunState } from "../../domain/run-state";
import type { Statement } from "./statement";
import { isoOrNull, jsonOrNull } from "./text";

export interface NewRun {
  readonly run: RunState;
  readonly epoch: number;
}

/*
 * A run is created only by whoever owns its DAG at that moment, and a scheduled one only while the DAG is neither
 * paused nor gone: people and the loader write these two columns at any time, so it is the row that must say so.
 */
const TEXT = `
  with wanted as (
    select * from unnest($2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[],
      $9::text[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[], $13::timestamptz[], $14::text[],
      $15::int[], $16::text[], $17::timestamptz[], $18::timestamptz[], $19::timestamptz[], $20::text[])
      as w (run_key, dag_id, epoch, run_id, type, state, intent, reason, logical_date, interval_start, interval_end,
        run_after, conf, version, triggered_by, queued_at, started_at, ended_at, error)
  ), created as (
    insert into dag_run (run_key, dag_id, run_id, type, state, intent, reason, logical_date, interval_start,
      interval_end, run_after, conf, version, triggered_by, queued_at, started_at, ended_at, error)
    select w.run_key, w.dag_id, w.run_id, w.type, w.state, w.intent, w.reason, w.logical_date, w.interval_start,
           w.interval_end, w.run_after, w.conf, w.version, w.triggered_by, w.queued_at, w.started_at, w.ended_at,
           w.error
      from wanted w
      join dag d on d.dag_id = w.dag_id and d.owner = $1 and d.owner_epoch = w.epoch
     where w.type <> 'scheduled' or (d.active and not d.paused)
    returning 1
  )
  select vane_expect((select count(*) from created), cardinality($2::bigint[]))`;

export function insertRuns(owner: ProcessId, created: readonly NewRun[]): Statement<unknown> {
  const heads = created.map(({ run }) => run.head);
  const progress = created.map(({ run }) => run.progress);
  return {
    name: "insert_runs",
    text: TEXT,
    values: [
      owner,
      heads.map(({ runKey }) => runKey),
      heads.map(({ dagId }) => dagId),
      created.map(({ epoch }) => epoch),
      heads.map(({ runId }) => runId),
      heads.map(({ type }) => type),
      progress.map(({ state }) => state),
      progress.map(({ intent }) => jsonOrNull(intent)),
      progress.map(({ reason }) => reason),
      heads.map(({ logicalDate }) => isoOrNull(logicalDate)),
      heads.map(({ intervalStart }) => isoOrNull(intervalStart)),
      heads.map(({ intervalEnd }) => isoOrNull(intervalEnd)),
      heads.map(({ runAfter }) => isoOrNull(runAfter)),
      heads.map(({ conf }) => JSON.stringify(conf)),
      heads.map(({ version }) => version),
      heads.map(({ triggeredBy }) => triggeredBy),
      heads.map(({ queuedAt }) => isoOrNull(queuedAt)),
      progress.map(({ startedAt }) => isoOrNull(startedAt)),
      progress.map(({ endedAt }) => isoOrNull(endedAt)),
      progress.map(({ error }) => jsonOrNull(error)),
    ],
    row: z.unknown(),
  };
}
