import { z } from "zod";
import type { ProcessId } from "../../domain/ids";
import type { Statement } from "./statement";
import { storableText } from "./text";

export interface Settled {
  readonly id: number;
  /** Number of the try that this is the end of: a later one, of whoever took the lease, is another's. */
  readonly tries: number;
  readonly state: "sent" | "pending" | "failed";
  /** Until the next try. */
  readonly delayMs: number;
  readonly mayHaveArrived: boolean;
  readonly why: string | null;
}

/** For a day it is tried again; who has heard nothing by then has other ways to know. */
const TEXT = `
  update outbox o
     set state = case when $4 = 'pending' and o.created_at < clock_timestamp() - interval '24 hours' then 'failed' else $4 end,
         next_at = clock_timestamp() + $5 * interval '1 ms',
         repeated = o.repeated or $6, last_error = $7, lease_owner = null, lease_until = null,
         sent_at = case when $4 = 'sent' then clock_timestamp() end
   where o.id = $1 and o.state = 'sending' and o.lease_owner = $2 and o.tries = $3
  returning o.state`;

const row = z.object({ state: z.enum(["sent", "pending", "failed"]) });

/** No row: its lease was over, and somebody else has it. */
export function settleOutbox(
  owner: ProcessId,
  { id, tries, state, delayMs, mayHaveArrived, why }: Settled,
): Statement<z.infer<typeof row>> {
  const values = [id, owner, tries, state, delayMs, mayHaveArrived, why === null ? null : storableText(why)];
  return { name: "settle_outbox", text: TEXT, values, row };
}
