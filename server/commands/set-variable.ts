import { putVariable } from "../db/sql/put-variable";
import { query } from "../db/sql/statement";
import { encrypt } from "../secrets/encryption";
import { ofVariable } from "../secrets/places";
import type { SecretDoor } from "./set-connection";

export async function setVariable(
  { db, principal, keys }: SecretDoor,
  key: string,
  value: string,
): Promise<{ readonly kind: "added" | "changed" }> {
  const [written] = await query(
    db,
    putVariable({ key, value: encrypt(keys, ofVariable(key), value), principal }),
  );
  return { kind: written?.existed ? "changed" : "added" };
}
