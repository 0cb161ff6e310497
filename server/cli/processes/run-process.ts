import { randomUUID } from "node:crypto";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readConfig, type Config, type Flags } from "../../config/config";
import { openHome } from "../../config/home";
import { processLog } from "../../platform/log";
import { VaneError } from "../../platform/errors";
import type { ChildSpec } from "../../supervisor/children";
import { choosePort } from "../../supervisor/choose-port";
import { migrateDatabase } from "../../supervisor/migrate-database";
import { planChildren } from "../../supervisor/plan-children";
import { readRunFile } from "../../supervisor/run-file";
import { openRunFolder } from "../../supervisor/run-folder";
import { sayStop } from "../../supervisor/stop-word";
import { requireLoopback } from "../../web/loopback";

export type ProcessName = "scheduler" | "loader" | "triggerer" | "worker" | "web";

/** Where this very bundle lies, and beside it the others. */
const DIST = dirname(fileURLToPath(import.meta.url));

/** Runs one process in the foreground, with the same options that `standalone` would give it. Resolves to its exit code. */
export async function runProcess(name: ProcessName, flags: Flags): Promise<number> {
  const config = readConfig(flags);
  const { folder: home, installKey, keys } = openHome(config.home);
  const running = readRunFile(home);
  const databaseUrl = config.databaseUrl ?? running?.databaseUrl;
  // A worker speaks to schedulers only, and knows no database.
  if (databaseUrl === undefined && name !== "worker") throw noDatabase(config);
  const migrations = join(DIST, "..", "prisma", "migrations");
  if (databaseUrl !== undefined && name !== "worker") {
    await migrateDatabase({ databaseUrl, migrations, entry: join(DIST, "migrate.cjs") }, processLog(name));
  }
  openRunFolder(config.runFolder);
  if (name === "web") requireLoopback(config.host);
  const port = name === "web" ? await choosePort(config.port, config.host) : config.port.number;

  const specs = planChildren({
    ...config,
    ...{ home, installKey, port, migrations, instance: randomUUID() },
    dist: DIST,
    databaseUrl: databaseUrl ?? "",
    publicUrl: config.publicUrl ?? running?.url ?? `http://${config.host}:${port}`,
    dagFolders: [{ path: config.dagsFolder }],
    env: config.childEnvironment,
    secrets: { keys, environment: config.secretEnvironment },
  });
  const spec = specs.find((child) => child.name === name);
  if (!spec) throw new Error(`This build has no ${name}.`);
  return inForeground(spec);
}

const noDatabase = ({ projectFolder }: Config) =>
  new VaneError(
    "system.not_running",
    `There is no database for ${projectFolder}: set DATABASE_URL, or start \`vane standalone\` there, whose embedded one this process then uses.`,
  );

/** Its options go through stdin, so that no secret stands in a list of processes; so does the word to stop. */
async function inForeground({ entry, options, env, nodeOptions = [] }: ChildSpec): Promise<number> {
  const child = spawn(process.execPath, [...nodeOptions, entry], {
    env,
    stdio: ["pipe", "inherit", "inherit"],
  });
  child.stdin.on("error", () => undefined); // it is gone already; `exit` says so
  child.stdin.write(`${JSON.stringify(options)}\n`);
  const stop = () => {
    sayStop(child.stdin);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  const [code] = (await once(child, "exit")) as [number | null];
  return code ?? 1;
}
