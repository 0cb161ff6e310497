import { z } from "zod";
import type { Statement } from "./statement";

const TEXT = `
  with gone as (
    delete from variable where key = $1 returning key
  ), noted as (
    insert into audit_event (principal, action, subject) select $2, 'variable.deleted', key from gone
  )
  select key from gone`;

const row = z.object({ key: z.string() });

/** No row: there was none. */
export function deleteVariableRow(key: string, principal: string): Statement<z.infer<typeof row>> {
  return { name: "delete_variable", text: TEXT, values: [key, principal], row };
}
