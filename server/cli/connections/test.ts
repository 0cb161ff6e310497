import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { readConfig } from "../../config/config";
import { query } from "../../db/sql/statement";
import { VaneError } from "../../platform/errors";
import { testConnection } from "../../secrets/connection-test/run";
import { environmentName } from "../../secrets/options";
import { resolveConnection } from "../../secrets/resolve";
import type { Cli, Running } from "../cli";
import { secretOptions } from "./keys";
import { connectionOf } from "./look-up";

/** Beside this very bundle lies the one that tries. */
const ENTRY = join(dirname(fileURLToPath(import.meta.url)), "connection-test.cjs");

export function addConnectionsTest(connections: Command, cli: Cli): void {
  connections
    .command("test")
    .description("Try a connection, for 5 s at most; exit code 1 if it does not work")
    .argument("<conn_id>")
    .action((id: string) =>
      cli.withSystem(async (running) => {
        const { print, clock, system } = running;
        const facts = await factsFor(running, id);
        const env = readConfig({ project: system.project }).childEnvironment;
        const { ok, sentence } = await testConnection(facts, { entry: ENTRY, env, clock });
        print.either(
          () => ({ conn_id: id, status: ok, message: sentence }),
          () => `${sentence}\n`,
        );
        return ok ? 0 : 1;
      }),
    );
}

async function factsFor(running: Running, id: string) {
  const found = await connectionOf(running, id);
  const options = secretOptions(running);
  if (
    found.source === "environment" &&
    !Object.hasOwn(options.environment.connections, environmentName(id))
  ) {
    throw new VaneError(
      "input.invalid",
      `${id} comes from ${found.variable} in the environment of the running Vane, and what it says stays there. ` +
        "Give this command the same variable to try it.",
    );
  }
  const facts = await resolveConnection({ ...options, ask: (statement) => query(running.db, statement) }, id);
  if ("refused" in facts) throw new VaneError("connection.refused", facts.refused);
  return facts;
}
