import type { Command } from "commander";
import { listConnections } from "../../db/queries/list-connections";
import { query } from "../../db/sql/statement";
import { environmentName } from "../../secrets/options";
import type { Cli } from "../cli";
import { shortIso } from "../format/duration";
import { connectionJson, environmentJson } from "./json";
import { idOf } from "./look-up";

export function addConnectionsList(connections: Command, cli: Cli): void {
  connections
    .command("list")
    .description("List connections; never with their secrets")
    .action(() =>
      cli.withSystem(async ({ db, print, system }) => {
        const names = system.environment.connections;
        const fromEnvironment = names.map((name) => ({
          ...{ json: environmentJson(idOf(name)), updated: "-", by: `VANE_CONN_${name}` },
        }));
        const stored = (await query(db, listConnections())).map((row) => {
          const isHidden = names.includes(environmentName(row.id));
          const source = isHidden ? "database, hidden by the environment" : "database";
          const json = connectionJson(row.id, row, source);
          return { json, updated: shortIso(row.updatedAt), by: row.updatedBy };
        });
        const rows = [...fromEnvironment, ...stored];
        print.list(rows, ({ json }) => json, [
          { heading: "conn_id", of: ({ json }) => json.conn_id },
          { heading: "conn_type", of: ({ json }) => json.conn_type ?? "-" },
          { heading: "host", of: ({ json }) => json.host ?? "-" },
          { heading: "port", of: ({ json }) => json.port ?? "-" },
          { heading: "schema", of: ({ json }) => json.schema ?? "-" },
          { heading: "login", of: ({ json }) => json.login ?? "-" },
          { heading: "source", of: ({ json }) => json.source },
          { heading: "updated", of: ({ updated }) => updated },
          { heading: "by", of: ({ by }) => by },
        ]);
        if (rows.length === 0) {
          print.note("There are no connections yet. `vane connections add ID` adds one.");
        }
        return undefined;
      }),
    );
}
