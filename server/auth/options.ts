import { createHash, hkdfSync } from "node:crypto";
import { z } from "zod";

/** What the web server needs to know its own sessions. */
export const AuthOptions = z.strictObject({
  /** Hex. Signs cookies. */
  secret: z.string().regex(/^[0-9a-f]{64}$/),
  /** Ports of one host share their cookies, so the installation is in the name. */
  cookieName: z.string().regex(/^[a-z0-9_]{1,60}$/),
  /** Of this start; worth something only while there is no admin. */
  setUpToken: z.string().min(40).exactOptional(),
});
export type AuthOptions = z.infer<typeof AuthOptions>;

/** From the installation's key: the same at each start, and of no use for anything else that the key opens. */
export function authOptions(installKey: string, setUpToken?: string): AuthOptions {
  const secret = hkdfSync("sha256", Buffer.from(installKey, "hex"), "", "vane sessions", 32);
  const instance = createHash("sha256").update(`cookie ${installKey}`).digest("hex").slice(0, 8);
  return {
    secret: Buffer.from(secret).toString("hex"),
    cookieName: `vane_${instance}`,
    ...(setUpToken === undefined ? {} : { setUpToken }),
  };
}
