import { connectionSecrets, replaceConnectionSecrets } from "../db/sql/connection-secrets";
import type { Statement } from "../db/sql/statement";
import { replaceVariableValue, variableValues } from "../db/sql/variable-values";
import { decrypt, encrypt, keyOf, type Place } from "./encryption";
import type { KeyRing } from "./key-ring";
import { ofConnection, ofVariable } from "./places";
import type { SecretSources } from "./resolve";

interface Ciphertext {
  readonly id: string;
  readonly text: string;
}

interface Rotated {
  renewed: number;
  /** By a key that is not on the ring, or damaged; left as they are. */
  unreadable: number;
}

/**
 * Brings everything under the ring's first key. Cut off, it goes on where it was at the next call: what is under that
 * key already is passed over. A row that somebody writes meanwhile stays theirs.
 */
export async function rotateSecrets({ keys, ask }: Pick<SecretSources, "keys" | "ask">): Promise<Rotated> {
  const rotated: Rotated = { renewed: 0, unreadable: 0 };
  const tables = [
    { read: connectionSecrets, replace: replaceConnectionSecrets, place: ofConnection },
    { read: variableValues, replace: replaceVariableValue, place: ofVariable },
  ];
  for (const { read, replace, place } of tables) {
    for (let after = ""; ;) {
      const rows = await ask(read(after));
      const last = rows.at(-1);
      if (!last) break;
      after = last.id;
      for (const row of rows) await renew(row, place(row.id), replace);
    }
  }
  return rotated;

  async function renew(row: Ciphertext, place: Place, replace: Replace) {
    if (keyOf(row.text) === keys[0]?.id) return;
    const renewed = renewedText(keys, place, row.text);
    if (renewed === undefined) rotated.unreadable += 1;
    else rotated.renewed += (await ask(replace(row.id, row.text, renewed))).length;
  }
}

type Replace = (id: string, before: string, after: string) => Statement<unknown>;

function renewedText(keys: KeyRing, place: Place, text: string): string | undefined {
  const opened = decrypt(keys, place, text);
  return opened.kind === "decrypted" ? encrypt(keys, place, opened.text) : undefined;
}
