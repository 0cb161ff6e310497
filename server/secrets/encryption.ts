import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { z } from "zod";
import type { KeyRing } from "./key-ring";

/*
 * AES-256-GCM. The nonce is random: 96 bits, so that one key may encrypt 2^32 times before two are likely to be alike.
 * Where a text stands is authenticated with it: copied into another row or column it is worth nothing.
 */

export interface Place {
  readonly table: string;
  /** Its primary key. */
  readonly row: string;
  readonly field: string;
}

export type Decrypted =
  | { readonly kind: "decrypted"; readonly text: string }
  /** By a key that is not on the ring. */
  | { readonly kind: "unknown_key"; readonly key: string }
  /** Changed, cut, or brought here from another place. */
  | { readonly kind: "damaged" };

const Ciphertext = z.strictObject({ key: z.string(), nonce: z.base64(), data: z.base64() });

const ALGORITHM = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** JSON text: the key's id, the nonce, and the data with its tag. */
export function encrypt(ring: KeyRing, place: Place, text: string): string {
  const [first] = ring;
  if (!first) throw new Error("There is no key to encrypt with.");
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, Buffer.from(first.key, "hex"), nonce).setAAD(bytesOf(place));
  const data = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return JSON.stringify({ key: first.id, nonce: nonce.toString("base64"), data: data.toString("base64") });
}

export function decrypt(ring: KeyRing, place: Place, ciphertext: string): Decrypted {
  const parsed = Ciphertext.safeParse(parseJson(ciphertext));
  if (!parsed.success) return { kind: "damaged" };
  const { key: id, nonce, data } = parsed.data;
  const known = ring.find((one) => one.id === id);
  if (!known) return { kind: "unknown_key", key: id };
  const bytes = Buffer.from(data, "base64");
  try {
    const options = { authTagLength: TAG_BYTES };
    const decipher = createDecipheriv(
      ALGORITHM,
      Buffer.from(known.key, "hex"),
      Buffer.from(nonce, "base64"),
      options,
    )
      .setAAD(bytesOf(place))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]);
    return { kind: "decrypted", text: text.toString("utf8") };
  } catch {
    return { kind: "damaged" };
  }
}

/** By which key; undefined for what is no ciphertext. */
export const keyOf = (ciphertext: string): string | undefined =>
  Ciphertext.safeParse(parseJson(ciphertext)).data?.key;

const bytesOf = ({ table, row, field }: Place) => Buffer.from(JSON.stringify([table, row, field]));

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
