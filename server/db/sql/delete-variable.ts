import { z } from "zod";
import type { Actor } from "./audit";
import type { Statement } from "./statement";

const TEXT = `
  with gone as (
    delete from variable where key = $1 returning key
  ), noted as (
    insert into audit_event (principal, action, subject, address) select $2, 'variable.deleted', key, $3 from gone
  )
  select key from gone`;

const row = z.object({ key: z.string() });

/** No row: there was none. */
export function deleteVariableRow(key: string, by: Actor): Statement<z.infer<typeof row>> {
  return { name: "delete_variable", text: TEXT, values: [key, by.principal, by.address ?? null], row };
}
