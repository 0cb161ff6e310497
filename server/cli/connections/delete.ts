import type { Command } from "commander";
import { deleteConnection } from "../../commands/delete-connection";
import type { Cli } from "../cli";
import { connectionOf, readOnly } from "./look-up";

export function addConnectionsDelete(connections: Command, cli: Cli): void {
  connections
    .command("delete")
    .description("Delete a connection; attempts that have it already go on with it")
    .argument("<conn_id>")
    .action((id: string) =>
      cli.withSystem(async (running) => {
        const { door, print } = running;
        const found = await connectionOf(running, id);
        const { kind } = await deleteConnection(door(), id);
        // One that the environment only hides may go.
        if (kind === "not_found" && found.source === "environment") throw readOnly(id, found.variable);
        print.either(
          () => ({ conn_id: id, deleted: true }),
          () => `${id} is deleted.\n`,
        );
        return undefined;
      }),
    );
}
