import { z } from "zod";
import type { Actor } from "./audit";
import type { Statement } from "./statement";

const TEXT = `
  with gone as (
    delete from connection where id = $1 returning id
  ), unused as (
    delete from connection_use using gone where conn_id = gone.id
  ), noted as (
    insert into audit_event (principal, action, subject, address) select $2, 'connection.deleted', id, $3 from gone
  )
  select id from gone`;

const row = z.object({ id: z.string() });

/** No row: there was none. */
export function deleteConnectionRow(id: string, by: Actor): Statement<z.infer<typeof row>> {
  return { name: "delete_connection", text: TEXT, values: [id, by.principal, by.address ?? null], row };
}
