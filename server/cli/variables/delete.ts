import type { Command } from "commander";
import { deleteVariable } from "../../commands/delete-variable";
import type { Cli } from "../cli";
import { readOnly } from "../connections/look-up";
import { sourceOf } from "./look-up";

export function addVariablesDelete(variables: Command, cli: Cli): void {
  variables
    .command("delete")
    .description("Delete a variable")
    .argument("<key>")
    .action((key: string) =>
      cli.withSystem(async (running) => {
        const { variable } = await sourceOf(running, key);
        const { kind } = await deleteVariable(running.door(), key);
        // One that the environment only hides may go.
        if (kind === "not_found" && variable) throw readOnly(key, variable);
        running.print.either(
          () => ({ key, deleted: true }),
          () => `${key} is deleted.\n`,
        );
        return undefined;
      }),
    );
}
