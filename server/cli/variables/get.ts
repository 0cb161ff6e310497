import type { Command } from "commander";
import { query } from "../../db/sql/statement";
import { VaneError } from "../../platform/errors";
import { environmentName } from "../../secrets/options";
import { resolveVariable } from "../../secrets/resolve";
import type { Cli } from "../cli";
import { secretOptions } from "../connections/keys";
import { sourceOf } from "./look-up";
import { shownValue } from "./shown-value";

export function addVariablesGet(variables: Command, cli: Cli): void {
  variables
    .command("get")
    .description("Print a variable's value; *** if it is a secret by its name")
    .argument("<key>")
    .action((key: string) =>
      cli.withSystem(async (running) => {
        const { print, db } = running;
        const { variable } = await sourceOf(running, key);
        const options = secretOptions(running);
        if (variable && !Object.hasOwn(options.environment.variables, environmentName(key))) {
          throw new VaneError(
            "input.invalid",
            `${key} comes from ${variable} in the environment of the running Vane, and what it says stays there.`,
          );
        }
        const found = await resolveVariable({ ...options, ask: (statement) => query(db, statement) }, key);
        if ("refused" in found) throw new VaneError("variable.refused", found.refused);
        const value = shownValue(key, found.value);
        print.either(
          () => ({ key, value }),
          () => `${value}\n`,
        );
        return undefined;
      }),
    );
}
