import { z } from "zod";
import type { Statement } from "./statement";

const TEXT = `
  with gone as (
    delete from session s using "user" u where s.id = $1 and u.id = s.user_id returning u.email
  )
  insert into audit_event (principal, action, subject, address)
  select 'user:' || email, 'user.signed_out', email, $2 from gone`;

export function endSession(sessionId: string, address: string): Statement<unknown> {
  return { name: "end_session", text: TEXT, values: [sessionId, address], row: z.unknown() };
}
