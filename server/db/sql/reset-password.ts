import { z } from "zod";
import type { Actor } from "./audit";
import type { Statement } from "./statement";

interface NewPassword {
  readonly email: string;
  /** scrypt. */
  readonly passwordHash: string;
  /** Where wrong passwords of this account are counted. */
  readonly limitKey: string;
}

/** No row: nobody has that address. */
const TEXT = `
  with who as (
    select id, email from "user" where email = $1
  ), changed as (
    update account a set password = $2, updated_at = now() from who
     where a.user_id = who.id and a.provider_id = 'credential'
  ), ended as (
    delete from session s using who where s.user_id = who.id returning s.id
  ), let_in as (
    delete from rate_limit where key = $3 and exists (select from who)
  ), noted as (
    insert into audit_event (principal, action, subject, detail, address)
    select $4, 'user.password_reset', email, jsonb_build_object('sessionsEnded', (select count(*) from ended))::text, $5
      from who
  )
  select id, (select count(*) from ended) as ended from who`;

const row = z
  .object({ id: z.string(), ended: z.int() })
  .transform(({ id, ended }) => ({ userId: id, sessionsEnded: ended }));

export function resetPasswordRow(given: NewPassword, by: Actor): Statement<z.infer<typeof row>> {
  const values = [given.email, given.passwordHash, given.limitKey, by.principal, by.address ?? null];
  return { name: "reset_password", text: TEXT, values, row };
}

/** One that began while the password was being changed, by the old one, is not among those that the change saw. */
export function endSessionsOf(userId: string): Statement<unknown> {
  const text = "delete from session where user_id = $1";
  return { name: "end_sessions", text, values: [userId], row: z.unknown() };
}
