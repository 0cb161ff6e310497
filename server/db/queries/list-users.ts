import { z } from "zod";
import type { Statement } from "../sql/statement";

const row = z
  .object({
    email: z.string(),
    name: z.string(),
    role: z.string(),
    banned: z.boolean(),
    created_at: z.date(),
    sessions: z.int(),
  })
  .transform(({ banned, created_at, ...user }) => ({ ...user, disabled: banned, createdAt: created_at }));
export type UserListRow = z.infer<typeof row>;

/** `sessions`: those that are open. */
export function listUsers(): Statement<UserListRow> {
  return {
    name: "list_users",
    text: `select email, name, role, banned, created_at,
                  (select count(*) from session s where s.user_id = u.id and s.expires_at > now()) as sessions
             from "user" u order by email`,
    values: [],
    row,
  };
}
