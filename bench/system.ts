import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  fdatasyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { closeSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { Client } from "pg";
import { z } from "zod";
import { freePort } from "../server/supervisor/free-port";
import { postgresFolder } from "../server/supervisor/postgres-place";
import { median } from "./statistics";

/** The whole product on a folder of its own, as `npm start` runs it, and a connection to its database. */
export interface System {
  readonly pid: number;
  readonly folder: string;
  readonly home: string;
  readonly databaseUrl: string;
  readonly db: Client;
  /** From the start of the command to "Vane is ready". */
  readonly startMs: number;
  /** One more; resolves with what stops it again. */
  addScheduler(): Promise<() => Promise<void>>;
  readonly trigger: (dagId: string) => Promise<string>;
  stop(): Promise<void>;
}

const RunFile = z.looseObject({ databaseUrl: z.string() });

export async function startSystem(
  files: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>> = {},
): Promise<System> {
  const folder = mkdtempSync(path.join(tmpdir(), "vane-bench-"));
  const home = path.join(folder, ".vane");
  mkdirSync(home, { mode: 0o700 });
  mkdirSync(path.join(folder, "dags"));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, "dags", name), text);
  const environment = {
    PATH: "/usr/local/bin:/usr/bin:/bin",
    VANE_HOME: home,
    VANE_DAGS: path.join(folder, "dags"),
    ...more,
  };
  const children: ChildProcess[] = [];

  const launch = (args: readonly string[]) => {
    const child = spawn(process.execPath, args, { env: environment, stdio: ["ignore", "pipe", "inherit"] });
    children.push(child);
    return child;
  };
  const began = performance.now();
  const main = launch(["server/cli/start.mjs", "--port", String(await freePort())]);
  await said(main, /^Vane is ready/);
  const startMs = performance.now() - began;
  const { databaseUrl } = RunFile.parse(JSON.parse(readFileSync(path.join(home, "run.json"), "utf8")));
  const db = new Client({ connectionString: databaseUrl });
  await db.connect();

  return {
    ...{ pid: main.pid ?? 0, folder, home, databaseUrl, db, startMs },
    async addScheduler() {
      const child = launch(["dist/vane.cjs", "scheduler", "--project", folder]);
      await until(db, "select 1 from process where kind = 'scheduler' and not dead offset 1");
      return () => end(child);
    },
    trigger: (dagId) => trigger(db, dagId),
    async stop() {
      await db.end();
      for (const child of children.reverse()) await end(child);
      rmSync(postgresFolder(home), { recursive: true, force: true });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}

async function said(child: ChildProcess, what: RegExp): Promise<void> {
  if (!child.stdout) throw new Error("the system's output cannot be read");
  const lines = createInterface({ input: child.stdout });
  // Read on to the end: a pipe that nobody reads would stop, or break, whoever writes to it.
  await new Promise<void>((resolve) => {
    lines.on("line", (line) => {
      if (what.test(line)) resolve();
    });
  });
}

/** As the command line does it: a command row and its notification. */
async function trigger(db: Client, dagId: string): Promise<string> {
  const key = randomUUID();
  const runId = `bench__${key}`;
  const args = JSON.stringify({ dagId, runId, logicalDate: null, conf: {}, idempotencyKey: key });
  await db.query({
    name: "trigger",
    text: `with written as (
             insert into command (principal, idempotency_key, kind, dag_id, arguments)
             values ('bench', $1, 'trigger_run', $2, $3) returning dag_id)
           select pg_notify('vane_command', dag_id) from written`,
    values: [key, dagId, args],
  });
  return runId;
}

/** Often enough to be exact about some milliseconds; what takes seconds is asked about less often. */
const ASK_EVERY_MS = 2;

/**
 * Resolves when the query has a row.
 * @param notBeforeMs when it is asked for the first time, so that asking takes nothing from what is measured
 */
export async function until(
  db: Client,
  text: string,
  values: readonly unknown[] = [],
  notBeforeMs = 0,
  askEveryMs = ASK_EVERY_MS,
): Promise<void> {
  for (let pauseMs = notBeforeMs; ; pauseMs = askEveryMs) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    const { rowCount } = await db.query({ text, values: [...values] });
    if (rowCount) return;
  }
}

/** Median of 100 writes of a page, each made durable, where the database has its files. */
export function fsyncMs(folder: string): number {
  const file = path.join(folder, "fsync");
  const fd = openSync(file, "w");
  const page = Buffer.alloc(8_192);
  const times = Array.from({ length: 100 }, () => {
    const began = performance.now();
    writeSync(fd, page);
    fdatasyncSync(fd);
    return performance.now() - began;
  });
  closeSync(fd);
  rmSync(file);
  return median(times);
}
