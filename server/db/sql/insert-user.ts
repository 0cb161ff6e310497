import { z } from "zod";
import type { Actor } from "./audit";
import type { Statement } from "./statement";

export interface NewUser {
  readonly email: string;
  readonly name: string;
  readonly role: string;
  /** scrypt. */
  readonly passwordHash: string;
}

/** Of `made`: his password, and who made him. */
const ALONG = `
  proven as (
    insert into account (id, account_id, provider_id, user_id, password)
    select gen_random_uuid()::text, id, 'credential', id, $4 from made
  ), noted as (
    insert into audit_event (principal, action, subject, detail, address)
    select $5, $6, email, jsonb_build_object('role', role)::text, $7 from made
  )`;

/** No row: somebody has that address. With the first admin the link for one is gone. */
const INSERT = `
  with made as (
    insert into "user" (id, email, name, role) values (gen_random_uuid()::text, $1, $2, $3)
    on conflict (email) do nothing returning id, email, role
  ), closed as (
    delete from verification where identifier = 'set-up' and $3 = 'admin' and exists (select from made)
  ), ${ALONG}
  select id from made`;

/*
 * Of two at once one gets the link's row; the other waits for its end, finds it gone, and makes nobody. Fails with 23505, and
 * leaves the link, when somebody has that address. No row: the link is not good any more.
 */
const SET_UP = `
  with link as (
    delete from verification
     where identifier = 'set-up' and value = $8 and expires_at > now()
       and not exists (select from "user" where role = 'admin')
    returning id
  ), made as (
    insert into "user" (id, email, name, role) select gen_random_uuid()::text, $1, $2, $3 from link
    returning id, email, role
  ), ${ALONG}
  select id from made`;

const row = z.object({ id: z.string() });

const values = ({ email, name, role, passwordHash }: NewUser, action: string, by: Actor) =>
  [email, name, role, passwordHash, by.principal, action, by.address ?? null] as const;

export function insertUser(user: NewUser, by: Actor): Statement<z.infer<typeof row>> {
  return { name: "insert_user", text: INSERT, values: values(user, "user.created", by), row };
}

export function insertFirstAdmin(
  user: Omit<NewUser, "role">,
  tokenHash: string,
  address: string,
): Statement<z.infer<typeof row>> {
  const by = { principal: `user:${user.email}`, address };
  const given = values({ ...user, role: "admin" }, "system.set_up", by);
  return { name: "insert_first_admin", text: SET_UP, values: [...given, tokenHash], row };
}
