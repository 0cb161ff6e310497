import { z } from "zod";
import type { ProcessId } from "../../domain/ids";
import { Json } from "../../domain/serialized-dag";
import { JsonText } from "./json-text";
import { alertFacts, FACT_COLUMNS, FACT_JOINS, FactColumns } from "./outbox-row";
import type { Statement } from "./statement";

/** Longer than any send may take. */
export const LEASE_MS = 30_000;

/*
 * Committed before anything is sent. What is found in `sending` with its lease over was claimed by somebody who did not
 * live to say what became of it: it is sent again, and says so.
 */
const TEXT = `
  with due as (
    select id from outbox
     where kind = 'notifier' and channel = $2 and id <> all($4::bigint[])
       and ((state = 'pending' and next_at <= clock_timestamp())
         or (state = 'sending' and lease_until <= clock_timestamp()))
     order by next_at, id
     limit $3
       for update skip locked
  ), o as (
    update outbox set state = 'sending', repeated = repeated or state = 'sending', tries = tries + 1,
           lease_owner = $1, lease_until = clock_timestamp() + interval '${LEASE_MS} ms'
      from due where outbox.id = due.id
    returning outbox.*
  )
  select ${FACT_COLUMNS}, o.notifier, o.options, o.repeated from o ${FACT_JOINS} order by o.next_at, o.id`;

const row = FactColumns.extend({
  notifier: z.string(),
  options: JsonText.pipe(z.record(z.string(), Json)),
  repeated: z.boolean(),
}).transform((found) => {
  const { notifier, options, repeated } = found;
  return { ...alertFacts(found), notifier, options, repeated };
});

export type ClaimedAlert = z.infer<typeof row>;

/** @param except those that are in this process's own hands still. */
export function claimOutbox(
  owner: ProcessId,
  channel: string,
  limit: number,
  except: readonly number[],
): Statement<ClaimedAlert> {
  return { name: "claim_outbox", text: TEXT, values: [owner, channel, limit, except], row };
}
