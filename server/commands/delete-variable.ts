import { deleteVariableRow } from "../db/sql/delete-variable";
import { query } from "../db/sql/statement";
import type { Door } from "./request-command";

export async function deleteVariable(
  { db, principal }: Pick<Door, "db" | "principal">,
  key: string,
): Promise<{ readonly kind: "deleted" | "not_found" }> {
  const [gone] = await query(db, deleteVariableRow(key, principal));
  return { kind: gone ? "deleted" : "not_found" };
}
