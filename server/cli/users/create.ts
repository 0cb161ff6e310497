import type { Command } from "commander";
import { z } from "zod";
import { ROLES, type Role } from "../../auth/permissions";
import { Email, PersonName } from "../../domain/account";
import { VaneError } from "../../platform/errors";
import { as } from "../arguments";
import type { Cli } from "../cli";
import { nearest } from "../nearest";
import { readPassword } from "./read-password";

interface Options {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly passwordStdin?: true;
}

const HELP = `
The password is asked for without showing it, or read from stdin:

  echo "$PASSWORD" | vane users create --email olga@example.com --name Olga --role op --password-stdin`;

/** Says what was meant, where a list of choices would only refuse. */
const RoleName = z.string().transform((typed, context): Role => {
  const role = ROLES.find((one) => one === typed);
  if (role) return role;
  const meant = nearest(typed, ROLES);
  const hint = meant === undefined ? "" : `Did you mean ${meant}? `;
  context.addIssue(`${hint}Roles are ${ROLES.join(", ").replace(/, (\w+)$/, " and $1")}.`);
  return z.NEVER;
});

export function addUsersCreate(users: Command, cli: Cli): void {
  users
    .command("create")
    .description("Let somebody sign in")
    .requiredOption("--email <email>", "under which to sign in", as(Email))
    .requiredOption("--name <name>", "as others see it", as(PersonName))
    .requiredOption("--role <role>", `what may be done: ${ROLES.join(", ")}`, as(RoleName))
    .option("--password-stdin", "read the password from stdin")
    .addHelpText("after", HELP)
    .action(({ email, name, role, ...options }: Options) =>
      cli.withSystem(async ({ door, terminal, print }) => {
        const password = await readPassword(terminal, options);
        const { createUser } = await import("../../commands/create-user");
        const { kind } = await createUser(door(), { email, name, role, password });
        if (kind === "email_taken") {
          const sentence = `Somebody signs in as ${email} already. \`vane users reset-password --email ${email}\` gives a new password.`;
          throw new VaneError("user.email_taken", sentence);
        }
        print.either(
          () => ({ email, name, role }),
          () => `${name} may sign in as ${email}, with the role ${role}.\n`,
        );
        return undefined;
      }),
    );
}
