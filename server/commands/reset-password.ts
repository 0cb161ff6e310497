import { z } from "zod";
import { hashPassword } from "../auth/hash-password";
import { accountKey } from "../auth/throttle";
import { endSessionsOf, resetPasswordRow } from "../db/sql/reset-password";
import { query } from "../db/sql/statement";
import { Email, Password } from "../domain/account";
import type { Door } from "./request-command";

export const ResetPasswordArguments = z.strictObject({ email: Email, password: Password });
export type ResetPasswordArguments = z.infer<typeof ResetPasswordArguments>;

export type ResetPasswordOutcome =
  { readonly kind: "reset"; readonly sessionsEnded: number } | { readonly kind: "user_not_found" };

/** Whoever is signed in under that account is out at once, and whoever tried too often may try again. */
export async function resetPassword(
  { db, principal, address }: Pick<Door, "db" | "principal" | "address">,
  { email, password }: ResetPasswordArguments,
): Promise<ResetPasswordOutcome> {
  const given = { email, passwordHash: await hashPassword(password), limitKey: accountKey(email) };
  const [reset] = await query(db, resetPasswordRow(given, { principal, address }));
  if (!reset) return { kind: "user_not_found" };
  await query(db, endSessionsOf(reset.userId));
  return { kind: "reset", sessionsEnded: reset.sessionsEnded };
}
