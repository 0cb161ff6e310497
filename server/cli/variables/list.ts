import type { Command } from "commander";
import { listVariables } from "../../db/queries/list-variables";
import { query } from "../../db/sql/statement";
import { environmentName } from "../../secrets/options";
import type { Cli } from "../cli";
import { idOf } from "../connections/look-up";
import { shortIso } from "../format/duration";

export function addVariablesList(variables: Command, cli: Cli): void {
  variables
    .command("list")
    .description("List variables, without their values")
    .action(() =>
      cli.withSystem(async ({ db, print, system }) => {
        const names = system.environment.variables;
        const fromEnvironment = names.map((name) => ({
          ...{ key: idOf(name), source: "environment", updated: "-", by: `VANE_VAR_${name}` },
        }));
        const stored = (await query(db, listVariables())).map(({ key, updatedAt, updatedBy }) => {
          const isHidden = names.includes(environmentName(key));
          const source = isHidden ? "database, hidden by the environment" : "database";
          return { key, source, updated: shortIso(updatedAt), by: updatedBy };
        });
        const rows = [...fromEnvironment, ...stored];
        print.list(rows, ({ key, source }) => ({ key, source }), [
          { heading: "key", of: ({ key }) => key },
          { heading: "source", of: ({ source }) => source },
          { heading: "updated", of: ({ updated }) => updated },
          { heading: "by", of: ({ by }) => by },
        ]);
        if (rows.length === 0)
          print.note("There are no variables yet. `vane variables set KEY VALUE` sets one.");
        return undefined;
      }),
    );
}
