import type { Command } from "commander";
import type { ConnectionParts } from "../../domain/connection";
import { VaneError } from "../../platform/errors";
import { openConnection } from "../../secrets/resolve";
import type { Cli } from "../cli";
import { record } from "../format/table";
import { connectionJson, environmentJson } from "./json";
import { secretOptions } from "./keys";
import { connectionOf } from "./look-up";

const HIDDEN = "***";

export function addConnectionsGet(connections: Command, cli: Cli): void {
  connections
    .command("get")
    .description("Show one connection; of its secrets only the names")
    .argument("<conn_id>")
    .action((id: string) =>
      cli.withSystem(async (running) => {
        const { print } = running;
        const found = await connectionOf(running, id);
        if (found.source === "environment") {
          print.either(
            () => environmentJson(id),
            () =>
              record([
                ["conn_id", id],
                ["source", `environment: ${found.variable}`],
              ]),
          );
          return undefined;
        }
        const parts = openConnection(secretOptions(running).keys, found.row);
        if ("refused" in parts) throw new VaneError("connection.refused", parts.refused);
        const secrets = hidden(parts);
        print.either(
          () => ({
            ...connectionJson(id, parts, "database"),
            password: secrets["password"] ?? null,
            secrets,
          }),
          () =>
            record([
              ["conn_id", id],
              ["conn_type", parts.kind],
              ["host", parts.host],
              ["port", parts.port],
              ["schema", parts.schema],
              ["login", parts.login],
              ["extra", Object.keys(parts.extra).length === 0 ? "" : JSON.stringify(parts.extra)],
              ...Object.entries(secrets).map(([name, mask]) => [name, mask] as const),
              ["source", "database"],
            ]),
        );
        return undefined;
      }),
    );
}

const hidden = ({ secrets }: ConnectionParts): Record<string, string> =>
  Object.fromEntries(Object.keys(secrets).map((name) => [name, HIDDEN]));
