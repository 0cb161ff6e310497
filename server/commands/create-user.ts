import { z } from "zod";
import { hashPassword } from "../auth/hash-password";
import { ROLES } from "../auth/permissions";
import { insertUser } from "../db/sql/insert-user";
import { query } from "../db/sql/statement";
import { Email, Password, PersonName } from "../domain/account";
import type { Door } from "./request-command";

export const CreateUserArguments = z.strictObject({
  email: Email,
  name: PersonName,
  role: z.enum(ROLES),
  password: Password,
});
export type CreateUserArguments = z.infer<typeof CreateUserArguments>;

export type CreateUserOutcome =
  { readonly kind: "created"; readonly userId: string } | { readonly kind: "email_taken" };

export async function createUser(
  { db, principal, address }: Pick<Door, "db" | "principal" | "address">,
  { password, ...user }: CreateUserArguments,
): Promise<CreateUserOutcome> {
  const passwordHash = await hashPassword(password);
  const [made] = await query(db, insertUser({ ...user, passwordHash }, { principal, address }));
  return made ? { kind: "created", userId: made.id } : { kind: "email_taken" };
}
