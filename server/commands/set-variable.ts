import { putVariable } from "../db/sql/put-variable";
import { query } from "../db/sql/statement";
import { encrypt } from "../secrets/encryption";
import { ofVariable } from "../secrets/places";
import type { SecretDoor } from "./set-connection";

export async function setVariable(
  { db, keys, ...by }: SecretDoor,
  key: string,
  value: string,
): Promise<{ readonly kind: "added" | "changed" }> {
  const [written] = await query(db, putVariable({ key, value: encrypt(keys, ofVariable(key), value), by }));
  return { kind: written?.existed ? "changed" : "added" };
}
