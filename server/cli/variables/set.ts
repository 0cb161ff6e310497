import type { Command } from "commander";
import { setVariable } from "../../commands/set-variable";
import { environmentName, SecretId } from "../../secrets/options";
import { as } from "../arguments";
import type { Cli } from "../cli";
import { secretDoor } from "../connections/keys";
import { shownValue } from "./shown-value";

export function addVariablesSet(variables: Command, cli: Cli): void {
  variables
    .command("set")
    .description("Set a variable")
    .argument("<key>", "letters, digits, _, - and .", as(SecretId))
    .argument("[value]", "read from stdin when left out, or asked for")
    .action((key: string, typed: string | undefined) =>
      cli.withSystem(async (running) => {
        const { terminal, print, system } = running;
        const value = typed ?? (await readValue());
        const { kind } = await setVariable(secretDoor(running), key, value);
        print.either(
          () => ({ key, value: shownValue(key, value) }),
          () => `${key} is ${kind}.\n`,
        );
        const name = environmentName(key);
        if (system.environment.variables.includes(name)) {
          print.note(`It is hidden by VANE_VAR_${name} in the environment of the running Vane.`);
        }
        return undefined;

        async function readValue() {
          if (terminal.interactive) return terminal.askSecret(`Value of ${key} (not shown): `);
          return (await terminal.input()).replace(/\r?\n$/, "");
        }
      }),
    );
}
