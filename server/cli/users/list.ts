import type { Command } from "commander";
import { listUsers } from "../../db/queries/list-users";
import { query } from "../../db/sql/statement";
import type { Cli } from "../cli";
import { shortIso } from "../format/duration";

export function addUsersList(users: Command, cli: Cli): void {
  users
    .command("list")
    .description("List who may sign in")
    .action(() =>
      cli.withSystem(async ({ db, print }) => {
        const rows = await query(db, listUsers());
        print.list(rows, ({ createdAt, ...user }) => ({ ...user, created_at: createdAt.toISOString() }), [
          { heading: "email", of: ({ email }) => email },
          { heading: "name", of: ({ name }) => name },
          { heading: "role", of: ({ role, disabled }) => (disabled ? `${role}, disabled` : role) },
          { heading: "sessions", of: ({ sessions }) => sessions },
          { heading: "created", of: ({ createdAt }) => shortIso(createdAt) },
        ]);
        if (rows.length === 0) {
          print.note(
            "Nobody may sign in yet. `vane users create` lets somebody, and so does the link that Vane printed when it started.",
          );
        }
        return undefined;
      }),
    );
}
