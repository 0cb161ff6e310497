import { execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { Client } from "pg";
import { expect, it, onTestFinished } from "vitest";
import { commandLine } from "../supervisor/process-table";
import { readRunFile } from "../supervisor/run-file";
import { newProject, startVane, type Project } from "../testing/start-vane";
import { Expected } from "./compare";
import { Message } from "./message-file";

/** The repository's own DAGs, with a database and a `.vane` of the test's. */
const env = { VANE_DAGS: resolve("dags") };
const expected = Expected.parse(JSON.parse(readFileSync("dags/demo/expected.json", "utf8")));

function vane({ home }: Project, ...words: string[]): Promise<{ code: number; out: string; said: string }> {
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      ["dist/vane.cjs", ...words],
      { env: { PATH: "/usr/bin:/bin", VANE_HOME: home } },
      (_error, out, err) => {
        done({ code: child.exitCode ?? -1, out, said: `${out}${err}` });
      },
    );
  });
}

async function dagIds(project: Project): Promise<string[]> {
  const { out } = await vane(project, "dags", "list", "--output", "json");
  return (JSON.parse(out) as { dag_id: string }[]).map(({ dag_id }) => dag_id).sort();
}

/** The first message to the demo's Telegram with this in it, from `vane demo messages --follow`. */
function messageWith({ home }: Project, part: string): Promise<Message> {
  const child = spawn(
    process.execPath,
    ["dist/vane.cjs", "demo", "messages", "--follow", "--output", "json"],
    {
      env: { PATH: "/usr/bin:/bin", VANE_HOME: home },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  onTestFinished(() => void child.kill("SIGKILL"));
  return new Promise((found) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const message = Message.parse(JSON.parse(line));
      if (message.text.includes(part)) found(message);
    });
  });
}

async function withVanesDatabase<T>({ home }: Project, use: (db: Client) => Promise<T>): Promise<T> {
  const db = new Client({ connectionString: readRunFile(home)?.databaseUrl });
  await db.connect();
  try {
    return await use(db);
  } finally {
    await db.end();
  }
}

it(
  "runs the demo: its DAGs, a sync, an alert, and nothing of Vane's within its reach",
  { timeout: 120_000 },
  async () => {
    const project = newProject();
    const system = startVane({ project, args: ["--demo"], env });
    await system.ready;

    const all = ["flaky", "hello", ...Object.keys(expected)].sort();
    await expect.poll(() => dagIds(project), { timeout: 30_000, interval: 200 }).toEqual(all);
    expect(await vane(project, "dags", "trigger", "hello", "--wait")).toMatchObject({ code: 0 });
    expect(await vane(project, "dags", "trigger", "demo_prices", "--wait")).toMatchObject({ code: 0 });
    expect(await vane(project, "dags", "trigger", "demo_locks", "--wait")).toMatchObject({ code: 0 });
    expect(await vane(project, "dags", "trigger", "demo_scores", "--wait")).toMatchObject({ code: 0 });

    const trigger = ["dags", "trigger", "demo_broken_report", "--run-id", "broken_by_test", "--wait"];
    expect(await vane(project, ...trigger)).toMatchObject({ code: 1 });
    const { text } = await messageWith(project, "broken_by_test");
    for (const part of ["demo_broken_report", "compare", "The balances differ by 2."])
      expect(text).toContain(part);

    await withVanesDatabase(project, async (db) => {
      const rights = await db.query(
        `select has_database_privilege('vane_demo', 'vane', 'connect') connect,
              has_table_privilege('vane_demo', 'connection', 'select') read, rolsuper super
       from pg_roles where rolname = 'vane_demo'`,
      );
      expect(rights.rows).toEqual([{ connect: false, read: false, super: false }]);
      await db.query("set role vane_demo");
      await expect(db.query("select * from dag_run")).rejects.toThrow(/permission denied/);
    });
  },
);

it("has nothing of the demo without --demo", async () => {
  const project = newProject();
  const system = startVane({ project, env });
  await system.ready;
  await expect.poll(() => dagIds(project), { timeout: 30_000, interval: 200 }).toEqual(["flaky", "hello"]);
  expect(system.processes().filter((pid) => commandLine(pid)?.includes(join("dist", "demo.cjs")))).toEqual(
    [],
  );
  expect((await vane(project, "connections", "list", "--output", "json")).out.trim()).toBe("[]");
  expect((await vane(project, "demo", "messages")).said).toContain("Start Vane with --demo");
  await withVanesDatabase(project, async (db) => {
    expect((await db.query("select from pg_roles where rolname like '%demo'")).rowCount).toBe(0);
  });
});
