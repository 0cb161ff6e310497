import { deleteVariableRow } from "../db/sql/delete-variable";
import { query } from "../db/sql/statement";
import type { Door } from "./request-command";

export async function deleteVariable(
  { db, ...by }: Pick<Door, "db" | "principal" | "address">,
  key: string,
): Promise<{ readonly kind: "deleted" | "not_found" }> {
  const [gone] = await query(db, deleteVariableRow(key, by));
  return { kind: gone ? "deleted" : "not_found" };
}
