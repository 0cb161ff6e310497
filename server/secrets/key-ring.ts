import { randomBytes } from "node:crypto";
import { z } from "zod";

const SecretKey = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,40}$/),
  /** 256 bits, hex. */
  key: z.string().regex(/^[0-9a-f]{64}$/),
});

/** The first one encrypts, all of them decrypt. */
export const KeyRing = z.array(SecretKey).min(1);
export type KeyRing = z.infer<typeof KeyRing>;

export const newSecretKey = (): KeyRing[number] => ({
  id: randomBytes(4).toString("hex"),
  key: randomBytes(32).toString("hex"),
});
