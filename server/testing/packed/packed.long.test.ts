import { execFile, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, inject, it, onTestFinished } from "vitest";
import { z } from "zod";
import { pidStart } from "../../platform/process-identity";
import { withDatabase } from "../../supervisor/embedded-postgres";
import { follow, newProject, type Project } from "../start-vane";
import { createTestDb } from "../test-db";
import { PUBLISHED, repository } from "./fixture";
import { openRegistry } from "./registry";

/* As a team takes Vane into its own repository: packed, installed, checked, started, used; all by npm, without the net. */
const run = promisify(execFile);
const connect = await createTestDb();

/** A person's shell in that folder: no variable of ours, and an npm that knows this registry only. */
function shellIn({ folder }: Project, registry: string) {
  const env = {
    ...{ PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`, HOME: folder },
    ...{ npm_config_registry: registry, npm_config_cache: join(folder, ".npm") },
    ...{ npm_config_update_notifier: "false", npm_config_audit: "false", npm_config_fund: "false" },
  };
  return { cwd: folder, env };
}

function write(folder: string, files: Readonly<Record<string, string>>) {
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  }
}

async function aRegistry() {
  const { folder } = newProject();
  write(folder, PUBLISHED);
  const registry = await openRegistry(["esm-rates", "cjs-fees"].map((name) => join(folder, name)));
  onTestFinished(() => {
    registry.close();
  });
  return registry;
}

/** The tarball that `npm publish` would send. */
async function pack(registry: string): Promise<string> {
  const to = newProject();
  const { env } = shellIn(to, registry);
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", to.folder], { env });
  const Packed = z.tuple([z.object({ filename: z.string() })]);
  // What its build says comes first.
  const [{ filename }] = Packed.parse(JSON.parse(stdout.slice(stdout.indexOf("[\n"))));
  return join(to.folder, filename);
}

it("runs a repository's own functions, from packages of all sorts, when it is packed and installed there", async () => {
  const registry = await aRegistry();
  const tarball = await pack(registry.url);
  const project = newProject();
  write(project.folder, repository(`file:${tarball}`));
  const shell = shellIn(project, registry.url);
  await run("npm", ["install"], shell);

  // Rejects with what the compiler says, on stdout.
  const tsc = [resolve("node_modules/typescript/bin/tsc"), "-p", "."];
  const types = await run(process.execPath, tsc, shell).catch((error: unknown) => error);
  expect(types).toMatchObject({ stdout: "" });

  const db = await connect();
  const connection = withDatabase(inject("adminUrl"), db.database ?? "");
  const child = spawn("npx", ["vane", "standalone", "--project", "."], {
    cwd: shell.cwd,
    env: { ...shell.env, VANE_CONN_POSTGRES_DEFAULT: connection },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // a foreground group, as in a terminal
  });
  const vane = follow(child, project);
  await vane.ready;
  vane.stopReading(); // `npx vane standalone | head -1`

  const npx = async (...words: string[]) => (await run("npx", ["vane", ...words], shell)).stdout;
  await expect.poll(() => npx("dags", "list"), { timeout: 60_000 }).toContain("quotes");
  const triggered = await npx("dags", "trigger", "quotes", "--wait", "--output", "json");
  expect(JSON.parse(triggered)).toMatchObject({ state: "success" });
  const { rows } = await db.query("select currency, amount from quote order by 1");
  expect(rows).toEqual([
    { currency: "CHF", amount: 151.5 },
    { currency: "EUR", amount: 126.25 },
  ]);
  const log = await npx("tasks", "logs", "quotes", "latest", "report");
  expect(log).toContain("EUR 126.25, CHF 151.5, styled a{color:red}");

  // An error in the workspace package is shown at its own line.
  await run(
    "npx",
    ["vane", "dags", "trigger", "quotes", "--params", 'currencies=["XXX"]', "--wait"],
    shell,
  ).catch(() => undefined);
  expect(await npx("tasks", "logs", "quotes", "latest", "store")).toMatch(
    /No price for XXX[^]*packages\/pricing\/src\/index\.ts:\d+:\d+/,
  );

  const processes = vane.processes();
  process.kill(-vane.pid, "SIGINT");
  await vane.ended;
  await expect
    .poll(() => processes.filter((pid) => pidStart(pid) !== undefined), { timeout: 20_000 })
    .toEqual([]);
});
