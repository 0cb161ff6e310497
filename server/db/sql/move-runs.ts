import { z } from "zod";
import type { RunKey } from "../../domain/ids";
import type { RunProgress } from "../../domain/run-state";
import type { Statement } from "./statement";
import { isoOrNull, jsonOrNull } from "./text";

export interface RunMove {
  readonly runKey: RunKey;
  readonly before: RunProgress;
  readonly after: RunProgress;
}

/** The one writer of run states, in the transaction of the task change that it follows from (see assert-ended.ts). */
const TEXT = `
  with wanted as (
    select * from unnest($1::bigint[], $2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::int[],
      $8::timestamptz[], $9::timestamptz[], $10::text[])
      as w (run_key, old_state, old_clear, state, intent, reason, clear_number, started_at, ended_at, error)
  ), moved as (
    update dag_run r
       set state = w.state, intent = w.intent, reason = w.reason, clear_number = w.clear_number,
           started_at = w.started_at, ended_at = w.ended_at, error = w.error
      from wanted w
     where r.run_key = w.run_key and r.state = w.old_state and r.clear_number = w.old_clear
    returning 1
  )
  select vane_expect((select count(*) from moved), cardinality($1::bigint[]))`;

export function moveRuns(moves: readonly RunMove[]): Statement<unknown> {
  const before = moves.map((move) => move.before);
  const after = moves.map((move) => move.after);
  return {
    name: "move_runs",
    text: TEXT,
    values: [
      moves.map(({ runKey }) => runKey),
      before.map(({ state }) => state),
      before.map(({ clearNumber }) => clearNumber),
      after.map(({ state }) => state),
      after.map(({ intent }) => jsonOrNull(intent)),
      after.map(({ reason }) => reason),
      after.map(({ clearNumber }) => clearNumber),
      after.map(({ startedAt }) => isoOrNull(startedAt)),
      after.map(({ endedAt }) => isoOrNull(endedAt)),
      after.map(({ error }) => jsonOrNull(error)),
    ],
    row: z.unknown(),
  };
}
