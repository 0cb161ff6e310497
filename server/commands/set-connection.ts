import type { ConnectionParts } from "../domain/connection";
import { putConnection } from "../db/sql/put-connection";
import { query } from "../db/sql/statement";
import { encrypt } from "../secrets/encryption";
import type { KeyRing } from "../secrets/key-ring";
import { ofConnection } from "../secrets/places";
import type { Door } from "./request-command";

/** How a command on a secret came in: it needs keys, and no answer of a scheduler. */
export interface SecretDoor extends Pick<Door, "db" | "principal" | "address"> {
  readonly keys: KeyRing;
}

/** Adds it or replaces the whole of it; true for the next attempt that asks. */
export async function setConnection(
  { db, keys, ...by }: SecretDoor,
  id: string,
  parts: ConnectionParts,
): Promise<{ readonly kind: "added" | "changed" }> {
  const secrets = encrypt(keys, ofConnection(id), JSON.stringify(parts.secrets));
  const [written] = await query(db, putConnection({ ...parts, id, secrets, by }));
  return { kind: written?.existed ? "changed" : "added" };
}
