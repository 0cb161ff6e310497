import type { Command } from "commander";
import { listUsers } from "../../db/queries/list-users";
import { query } from "../../db/sql/statement";
import { Email } from "../../domain/account";
import { VaneError } from "../../platform/errors";
import { as } from "../arguments";
import type { Cli, Running } from "../cli";
import { nearest } from "../nearest";
import { readPassword } from "./read-password";

interface Options {
  readonly email: string;
  readonly passwordStdin?: true;
}

export function addUsersResetPassword(users: Command, cli: Cli): void {
  users
    .command("reset-password")
    .description("Give somebody a new password, and end the sessions under the old one")
    .requiredOption("--email <email>", "under which he or she signs in", as(Email))
    .option("--password-stdin", "read the password from stdin")
    .action(({ email, ...options }: Options) =>
      cli.withSystem(async (running) => {
        const { door, terminal, print } = running;
        await requireUser(running, email);
        const password = await readPassword(terminal, options);
        const { resetPassword } = await import("../../commands/reset-password");
        const outcome = await resetPassword(door(), { email, password });
        if (outcome.kind === "user_not_found") throw notFound(email, "");
        const { sessionsEnded } = outcome;
        print.either(
          () => ({ email, sessions_ended: sessionsEnded }),
          () => `${email} has a new password. ${endedInWords(sessionsEnded)}\n`,
        );
        return undefined;
      }),
    );
}

/** Before a password is asked for. */
async function requireUser({ db }: Running, email: string): Promise<void> {
  const known = (await query(db, listUsers())).map((user) => user.email);
  if (known.includes(email)) return;
  const meant = nearest(email, known);
  throw notFound(
    email,
    meant === undefined ? " `vane users list` shows them all." : ` Did you mean ${meant}?`,
  );
}

const notFound = (email: string, hint: string) =>
  new VaneError("user.not_found", `Nobody signs in as ${email}.${hint}`);

const endedInWords = (count: number) =>
  count === 0
    ? "Nobody was signed in under it."
    : `${count} ${count === 1 ? "session has" : "sessions have"} ended.`;
