import { z } from "zod";
import type { Statement } from "./statement";

/*
 * The one link there is, unless there is an admin. One that is there already keeps its time: a web server that is started
 * again does not make an old link younger.
 */
const TEXT = `
  with others as (
    delete from verification where identifier = 'set-up' and value <> $1
  )
  insert into verification (id, identifier, value, expires_at)
  select 'set-up:' || $1, 'set-up', $1, now() + interval '1 hour'
   where not exists (select from "user" where role = 'admin')
  on conflict (id) do nothing`;

export function storeSetUpLink(tokenHash: string): Statement<unknown> {
  return { name: "store_set_up_link", text: TEXT, values: [tokenHash], row: z.unknown() };
}
