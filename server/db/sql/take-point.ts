import { z } from "zod";
import type { Statement } from "./statement";

/*
 * One of so many within a window that begins with the first one. Insert or count, in one statement, so that of any number at
 * once exactly so many get through; one too many changes nothing, and a count can be given back. The last part sees rows as
 * they were when the statement began: no row at all means that the window had only just begun.
 */
const TEXT = `
  with taken as (
    insert into rate_limit as l (key, points, expires_at) values ($1, 1, now() + make_interval(secs => $3))
    on conflict (key) do update
      set points = case when l.expires_at <= now() then 1 else l.points + 1 end,
          expires_at = case when l.expires_at <= now() then excluded.expires_at else l.expires_at end
      where l.points < $2 or l.expires_at <= now()
    returning points
  )
  select $2 - points as "left", 0 as wait_seconds from taken
  union all
  select null, greatest(1, ceil(extract(epoch from expires_at - now())))::int from rate_limit
   where key = $1 and not exists (select from taken)`;

const row = z.object({ left: z.int().nullable(), wait_seconds: z.int() });

export interface Window {
  readonly points: number;
  readonly seconds: number;
}

export function takePoint(key: string, { points, seconds }: Window): Statement<z.infer<typeof row>> {
  return { name: "take_point", text: TEXT, values: [key, points, seconds], row };
}
