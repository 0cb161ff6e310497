import { deleteConnectionRow } from "../db/sql/delete-connection";
import { query } from "../db/sql/statement";
import type { Door } from "./request-command";

/** Attempts that have it already go on with it. */
export async function deleteConnection(
  { db, ...by }: Pick<Door, "db" | "principal" | "address">,
  id: string,
): Promise<{ readonly kind: "deleted" | "not_found" }> {
  const [gone] = await query(db, deleteConnectionRow(id, by));
  return { kind: gone ? "deleted" : "not_found" };
}
