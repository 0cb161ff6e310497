import { z } from "zod";
import type { Statement } from "./statement";

/** `open`: null when there is no such link. */
const TEXT = `
  select exists (select from "user" where role = 'admin') as has_admin,
         (select expires_at > now() from verification where identifier = 'set-up' and value = $1) as open`;

const row = z
  .object({ has_admin: z.boolean(), open: z.boolean().nullable() })
  .transform(({ has_admin, open }) => ({ hasAdmin: has_admin, open }));

export function findSetUpLink(tokenHash: string): Statement<z.infer<typeof row>> {
  return { name: "find_set_up_link", text: TEXT, values: [tokenHash], row };
}
