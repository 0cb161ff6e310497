import { z } from "zod";
import type { Exec, ProcessId } from "../../domain/ids";
import type { Statement } from "./statement";
import { storableText } from "./text";

/** What changes of a function's row. */
export interface CallbackProgress {
  readonly state: "pending" | "sending" | "sent" | "failed";
  readonly exec: Exec | null;
  readonly worker: ProcessId | null;
  readonly tries: number;
  readonly nextAt: Date;
  /** It may have run before. */
  readonly repeated: boolean;
  readonly why: string | null;
}

export interface CallbackMove {
  readonly id: number;
  readonly before: CallbackProgress;
  readonly after: CallbackProgress;
}

/** The owner's, in its flush; compare-and-set on (state, exec), as with tasks. */
const TEXT = `
  with wanted as (
    select * from unnest($1::bigint[], $2::text[], $3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::int[],
      $8::timestamptz[], $9::boolean[], $10::text[])
      as w (id, old_state, old_exec, state, exec, worker, tries, next_at, repeated, why)
  ), moved as (
    update outbox o
       set state = w.state, exec = w.exec, lease_owner = w.worker, tries = w.tries, next_at = w.next_at,
           repeated = o.repeated or w.repeated, last_error = w.why,
           sent_at = case when w.state = 'sent' then clock_timestamp() end
      from wanted w
     where o.id = w.id and o.state = w.old_state and o.exec is not distinct from w.old_exec
    returning 1
  )
  select vane_expect((select count(*) from moved), cardinality($1::bigint[]))`;

export function moveCallbacks(moves: readonly CallbackMove[]): Statement<unknown> {
  const after = moves.map((move) => move.after);
  return {
    name: "move_callbacks",
    text: TEXT,
    values: [
      moves.map(({ id }) => id),
      moves.map(({ before }) => before.state),
      moves.map(({ before }) => before.exec),
      after.map(({ state }) => state),
      after.map(({ exec }) => exec),
      after.map(({ worker }) => worker),
      after.map(({ tries }) => tries),
      after.map(({ nextAt }) => nextAt.toISOString()),
      after.map(({ repeated }) => repeated),
      after.map(({ why }) => (why === null ? null : storableText(why))),
    ],
    row: z.unknown(),
  };
}
