import { z } from "zod";
import type { Statement } from "./statement";

const row = z
  .object({ channel: z.string(), in_ms: z.number() })
  .transform(({ channel, in_ms }) => ({ channel, inMs: in_ms }));

/** Through which channels something is to go, and in how many ms at the earliest; below 0: it is due. */
export function outboxAgenda(except: readonly string[]): Statement<z.infer<typeof row>> {
  return {
    name: "outbox_agenda",
    text: `
      select channel,
             (extract(epoch from min(case state when 'pending' then next_at else lease_until end) - clock_timestamp())
               * 1000)::float8 as in_ms
        from outbox
       where kind = 'notifier' and state in ('pending', 'sending') and channel <> all($1)
       group by channel`,
    values: [except],
    row,
  };
}
