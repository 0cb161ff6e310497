import type { Command } from "commander";
import type { Cli } from "../cli";
import { addConnectionsAdd } from "./add";
import { addConnectionsDelete } from "./delete";
import { addConnectionsGet } from "./get";
import { addConnectionsList } from "./list";
import { addConnectionsRotateKey } from "./rotate-key";
import { addConnectionsTest } from "./test";

export function addConnections(program: Command, cli: Cli): void {
  const connections = program
    .command("connections")
    .description("What tasks may talk to: add, list, get, test, delete, rotate-key");
  addConnectionsAdd(connections, cli);
  addConnectionsList(connections, cli);
  addConnectionsGet(connections, cli);
  addConnectionsTest(connections, cli);
  addConnectionsDelete(connections, cli);
  addConnectionsRotateKey(connections, cli);
}
