import { spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { Client } from "pg";
import { expect, it, onTestFinished } from "vitest";
import { pidStart } from "../platform/process-identity";
import { newProject, startVane, type Project } from "../testing/start-vane";
import { freePort } from "./free-port";
import { postgresFolder } from "./postgres-place";
import { signalProcess } from "./process-table";
import { RunFile } from "./run-file";

const isRoot = process.getuid?.() === 0;
const runFile = ({ home }: Project) =>
  RunFile.parse(JSON.parse(readFileSync(join(home, "run.json"), "utf8")));
const isAlive = (pid: number) => pidStart(pid) !== undefined;

/** 0: nobody answers. */
const statusOf = (url: string) =>
  fetch(`${url}/readyz`)
    .then((answer) => answer.status)
    .catch(() => 0);

/** Started, ready, and stopped again. */
async function startAndStop(project: Project) {
  const vane = startVane({ project });
  await vane.ready;
  vane.signal("SIGTERM");
  expect(await vane.ended).toBe(0);
}

async function take(port: number) {
  const server = createServer();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
}

it("starts everything, shows nothing to strangers, and leaves nothing behind after SIGTERM", async () => {
  const project = newProject();
  const vane = startVane({ project });
  const url = await vane.ready;
  const status = async (path: string) => (await fetch(`${url}${path}`)).status;
  expect([await status("/healthz"), await status("/readyz"), await status("/api/v2/dags")]).toEqual([
    200, 200, 404,
  ]);
  expect(statSync(join(project.home, "run.json")).mode & 0o777).toBe(0o600);

  const processes = vane.processes();
  vane.signal("SIGTERM");
  expect(await vane.ended).toBe(0);
  expect(processes.length).toBeGreaterThan(3);
  expect(processes.filter(isAlive)).toEqual([]);
  expect(() => runFile(project)).toThrow("ENOENT");
});

it("is there once a folder: the second start names the address of the first and ends", async () => {
  const project = newProject();
  const url = await startVane({ project }).ready;
  const second = startVane({ project });
  expect(await second.ended).toBe(1);
  expect(second.said()).toMatch(
    /Vane runs here already: \S+ \(process \d+\)\. Use that one, or stop it first\./,
  );
  expect(second.said()).toContain(`: ${url} (`);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
});

it("keeps no secret in a command line or in an environment", async () => {
  const project = newProject();
  const vane = startVane({ project });
  await vane.ready;
  const { installKey } = JSON.parse(readFileSync(join(project.home, "key.json"), "utf8")) as {
    installKey: string;
  };
  const { password } = new URL(runFile(project).databaseUrl);
  const seen = vane.processes().flatMap((pid) => [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`]);
  const text = seen.map((file) => readFileSync(file, "latin1")).join("\n");
  expect(text).not.toContain(installKey);
  expect(text).not.toContain(password);
});

it("comes up after everything was killed", async () => {
  const project = newProject();
  const first = startVane({ project });
  await first.ready;
  for (const pid of [first.pid, ...first.processes()]) signalProcess(pid, "SIGKILL");
  await first.ended;
  await startAndStop(project);
});

it("comes up after only the supervisor was killed, whose children end themselves", async () => {
  const project = newProject();
  const first = startVane({ project });
  await first.ready;
  const left = first.processes();
  first.signal("SIGKILL");
  await first.ended;
  await startAndStop(project);
  expect(left.filter(isAlive)).toEqual([]);
});

it("starts a process again that has fallen", async () => {
  const project = newProject();
  const vane = startVane({ project });
  const url = await vane.ready;
  for (const pid of vane.processes()) signalProcess(pid, "SIGKILL");
  await expect.poll(() => vane.said(), { timeout: 20_000 }).toContain("Postgres has stopped by itself");
  await expect.poll(() => statusOf(url), { timeout: 30_000 }).toBe(200);
});

it("goes on when whoever read what it says has gone, and stops in order", async () => {
  const project = newProject();
  const vane = startVane({ project });
  const url = await vane.ready;
  vane.stopReading();
  // Something to say: each of its processes falls and comes back.
  const fallen = vane.processes();
  for (const pid of fallen) signalProcess(pid, "SIGKILL");
  const log = () => readFileSync(join(project.home, "logs", "vane.log"), "utf8");
  await expect.poll(log, { timeout: 20_000 }).toContain("The web has ended by itself");
  await expect.poll(() => statusOf(url), { timeout: 30_000 }).toBe(200);
  vane.signal("SIGTERM");
  expect(await vane.ended).toBe(0);
});

it("refuses a port that was asked for by name and is taken", async () => {
  const port = await freePort();
  await take(port);
  const vane = startVane({ project: newProject(), args: ["--port", String(port)] });
  expect(await vane.ended).toBe(1);
  expect(vane.said()).toContain(`Port ${port} is taken by another program.`);
});

it("lets the default port give way, and says so", async () => {
  await take(8080).catch(() => undefined); // somebody else's will do
  const vane = startVane({ project: newProject() });
  expect(await vane.ready).not.toMatch(/:8080$/);
  expect(vane.said()).toContain("Port 8080 is taken, so Vane takes ");
});

it("is not barred by a postmaster.pid whose pid is another process now", async () => {
  const project = newProject();
  await startAndStop(project);
  const folder = postgresFolder(project.home);
  const { uid, gid } = statSync(folder);
  const other = spawn("sleep", ["1000"], { uid, gid, stdio: "ignore" });
  onTestFinished(() => void other.kill("SIGKILL"));
  const stale = join(folder, "data", "postmaster.pid");
  writeFileSync(
    stale,
    `${String(other.pid)}\n${join(folder, "data")}\n1\n5432\n${folder}\n127.0.0.1\n  1  1\nready   \n`,
  );
  chownSync(stale, uid, gid);
  await startAndStop(project);
  expect(isAlive(other.pid ?? 0)).toBe(true);
});

it("refuses a .vane of somebody else", async () => {
  const project = newProject();
  if (isRoot) chownSync(project.home, 65534, 65534);
  const vane = startVane({ project, env: isRoot ? {} : { VANE_HOME: "/usr" } });
  expect(await vane.ended).toBe(1);
  expect(vane.said()).toMatch(
    /^\/\S+ belongs to another user \(uid \d+, and you are \d+\)\. Start Vane as that user, or .*VANE_HOME\.$/m,
  );
});

it("refuses a .vane that has lost its key", async () => {
  const project = newProject();
  await startAndStop(project);
  rmSync(join(project.home, "key.json"));
  const vane = startVane({ project });
  expect(await vane.ended).toBe(1);
  expect(vane.said()).toMatch(
    /^\/\S+ has lost its key\.json.* Put the file back from a backup, or move the folder/m,
  );
});

it("begins anew when .vane was removed, and keeps root's earlier database aside", async () => {
  const project = newProject();
  await startAndStop(project);
  rmSync(project.home, { recursive: true });
  mkdirSync(project.home);
  const vane = startVane({ project });
  await vane.ready;
  const [, aside] = /set aside in (\S+)\.$/m.exec(vane.said()) ?? [];
  expect(aside !== undefined).toBe(isRoot);
  if (aside) rmSync(aside, { recursive: true });
});

it("refuses a database of a newer Vane, and leaves no process", async () => {
  const project = newProject();
  const first = startVane({ project });
  await first.ready;
  const db = new Client({ connectionString: runFile(project).databaseUrl });
  await db.connect();
  await db.query(`insert into _prisma_migrations (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
                  values ('x', 'x', now(), '999_future', now(), 1)`);
  await db.end();
  first.signal("SIGTERM");
  await first.ended;

  const second = startVane({ project });
  expect(await second.ended).toBe(1);
  expect(second.said()).toMatch(/made by a newer Vane.*999_future.*Start that version/);
  expect(second.processes()).toEqual([]);
});
