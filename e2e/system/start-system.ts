import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { Client } from "pg";
import { freePort } from "../../server/supervisor/free-port";
import { postgresFolder } from "../../server/supervisor/postgres-place";
import { readRunFile } from "../../server/supervisor/run-file";
import type { Said } from "../../server/testing/command-line";
import { vaneProcess } from "../../server/testing/vane-process";

/** The whole product on a folder of its own, as `npm start` runs it. */
export interface System {
  readonly url: string;
  /** The link for the first admin, which it printed below. */
  readonly setUpUrl: string;
  /** What stands in its database, to look at and to put in place what a person would have to wait for. */
  readonly db: Client;
  /** `npx vane ...` on it. */
  readonly vane: (words: readonly string[], input?: string) => Promise<Said>;
  /** Into its dags/. */
  writeDag(name: string, text: string): void;
  stop(): Promise<void>;
}

export async function startSystem(dags: Readonly<Record<string, string>>): Promise<System> {
  const folder = mkdtempSync(path.join(tmpdir(), "vane-e2e-"));
  const home = path.join(folder, ".vane");
  mkdirSync(home, { mode: 0o700 });
  mkdirSync(path.join(folder, "dags"));
  // Where its DAGs find zod, as those of any project do.
  symlinkSync(path.resolve("node_modules"), path.join(folder, "node_modules"));
  const writeDag = (name: string, text: string) => {
    writeFileSync(path.join(folder, "dags", name), text);
  };
  for (const [name, text] of Object.entries(dags)) writeDag(name, text);

  const child = spawn(process.execPath, ["server/cli/start.mjs", "--port", String(await freePort())], {
    env: {
      PATH: "/usr/local/bin:/usr/bin:/bin",
      VANE_HOME: home,
      VANE_DAGS: path.join(folder, "dags"),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  // A run that is cut off leaves nothing behind.
  const endWithUs = () => child.kill("SIGTERM");
  process.once("exit", endWithUs);
  const stop = async () => {
    process.off("exit", endWithUs);
    child.kill("SIGTERM");
    await exited;
    rmSync(postgresFolder(home), { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  };
  const lines: string[] = [];
  const said = (what: RegExp) =>
    new Promise<string>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        // To the end: a pipe that nobody reads would stop whoever writes to it.
        createInterface({ input: stream }).on("line", (line) => {
          lines.push(line);
          const [, rest] = what.exec(line) ?? [];
          if (rest) resolve(rest);
        });
      }
      void exited.then(() => {
        reject(new Error(`Vane ended before it was ready:\n${lines.join("\n")}`));
      });
    });
  const [url, setUpUrl] = await Promise.all([
    said(/^Vane is ready: (.*)$/),
    said(/^Set up the first admin: (.*)$/),
  ]);

  const db = new Client({ connectionString: readRunFile(home)?.databaseUrl });
  await db.connect();
  return {
    ...{ url, setUpUrl, db, writeDag },
    vane: vaneProcess({ folder, home }),
    async stop() {
      await db.end();
      await stop();
    },
  };
}
