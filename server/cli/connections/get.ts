import type { Command } from "commander";
import type { ConnectionParts } from "../../domain/connection";
import { listConnectionUses, type ConnectionUseRow } from "../../db/queries/list-connection-uses";
import { query } from "../../db/sql/statement";
import { VaneError } from "../../platform/errors";
import { openConnection } from "../../secrets/resolve";
import type { Cli } from "../cli";
import { shortIso } from "../format/duration";
import { record } from "../format/table";
import { connectionJson, environmentJson } from "./json";
import { secretOptions } from "./keys";
import { connectionOf } from "./look-up";

const HIDDEN = "***";

export function addConnectionsGet(connections: Command, cli: Cli): void {
  connections
    .command("get")
    .description("Show one connection and which tasks were told it; of its secrets only the names")
    .argument("<conn_id>")
    .action((id: string) =>
      cli.withSystem(async (running) => {
        const { print } = running;
        const found = await connectionOf(running, id);
        const uses = await query(running.db, listConnectionUses(id));
        if (found.source === "environment") {
          print.either(
            () => ({ ...environmentJson(id), used_by: uses.map(useJson) }),
            () =>
              record([["conn_id", id], ["source", `environment: ${found.variable}`], ...uses.map(useLine)]),
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
            used_by: uses.map(useJson),
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
              ...uses.map(useLine),
            ]),
        );
        return undefined;
      }),
    );
}

const useJson = ({ dagId, taskId, usedAt }: ConnectionUseRow) => ({
  ...{ dag_id: dagId, task_id: taskId, used_at: usedAt.toISOString() },
});

const useLine = ({ dagId, taskId, usedAt }: ConnectionUseRow) =>
  ["used by", `${dagId}${taskId === null ? "" : ` ${taskId}`}, last ${shortIso(usedAt)}`] as const;

const hidden = ({ secrets }: ConnectionParts): Record<string, string> =>
  Object.fromEntries(Object.keys(secrets).map((name) => [name, HIDDEN]));
