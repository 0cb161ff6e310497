import { rename, symlink } from "node:fs/promises";
import path from "node:path";
import { expect, inject, it, onTestFinished } from "vitest";
import { openPool } from "../db/pool";
import { silentLog } from "../platform/log";
import { withDatabase } from "../supervisor/embedded-postgres";
import { signal } from "../testing/signal";
import { createTestDb } from "../testing/test-db";
import type { ChildLimits } from "./child-pool";
import { startLoader } from "./main";
import type { PassCounts } from "./pass";
import { buildChild } from "./testing/build-child";
import { dagSource, testProject, type TestProject } from "./testing/project";

const connect = await createTestDb();
const db = await connect();
const childEntry = await buildChild();
const { rows: names } = await db.query<{ name: string }>("select current_database() as name");
const databaseUrl = withDatabase(inject("adminUrl"), names[0]?.name ?? "");

async function start(project: TestProject, limits: Partial<ChildLimits> = {}) {
  await db.query("truncate process, dag, dag_version, bundle, inbox, import_error cascade");
  const passes = signal<PassCounts | { error: unknown }>();
  const loader = await startLoader({
    databaseUrl,
    projectFolder: project.folder,
    dagFolders: [{ path: project.at("dags") }],
    home: project.at(".vane"),
    childEntry,
    childEnv: { PATH: "/usr/bin:/bin" },
    ...{ log: silentLog, limits },
    onPass: passes.send,
  });
  onTestFinished(() => loader.stop());
  /** What is loaded by the passes up to the one that `isIt`. */
  async function until(isIt: (counts: PassCounts) => boolean): Promise<PassCounts> {
    for (;;) {
      const outcome = await passes.next();
      if (!("error" in outcome) && isIt(outcome)) return outcome;
    }
  }
  return { loader, until };
}

type Row = Record<string, unknown>;
const dags = async () => (await db.query<Row>("select dag_id, file, active from dag order by 1")).rows;
const errors = async () => (await db.query<Row>("select file, code, sentence, frame from import_error")).rows;

it("loads what is there, and then only what is written", async () => {
  const project = await testProject({
    "dags/a.ts": dagSource("a", 'import { n } from "../lib/n"; console.log(n);'),
    "dags/b.ts": dagSource("b"),
    "lib/n.ts": "export const n = 1;",
  });
  const { until } = await start(project);
  expect(await until(() => true)).toEqual({ files: 2, loaded: 2, versions: 2, broken: 0, retired: 0 });

  await project.write({ "lib/n.ts": "export const n = 2;" });
  expect(await until(({ loaded }) => loaded > 0)).toMatchObject({ loaded: 1, versions: 1 });
  await project.write({ "dags/team/c.ts": dagSource("c") });
  expect(await until(({ loaded }) => loaded > 0)).toMatchObject({ files: 3, loaded: 1, versions: 1 });
  await project.write({ "package-lock.json": "{}" });
  expect((await dags()).map(({ dag_id }) => dag_id)).toEqual(["a", "b", "c"]);
});

it("goes with a file through breaking, mending, moving and deleting", async () => {
  const project = await testProject({ "dags/a.ts": dagSource("a") });
  const { until } = await start(project);
  await until(({ versions }) => versions === 1);

  await project.write({ "dags/a.ts": dagSource("a").replace("id:", 'schedule: "0 25 * * *", id:') });
  await until(({ broken }) => broken === 1);
  expect(await errors()).toEqual([
    {
      file: "dags/a.ts",
      code: "schedule.invalid",
      sentence: expect.stringMatching(
        /^dags\/a\.ts:4: .*0 25 \* \* \*.*The DAG keeps its last good version \(v1\)\.$/,
      ),
      frame: expect.stringContaining("> 4 |"),
    },
  ]);

  await project.write({ "dags/a.ts": dagSource("a") });
  await until(({ broken }) => broken === 0);
  expect(await errors()).toEqual([]);

  await rename(project.at("dags/a.ts"), project.at("dags/z.ts"));
  await until(({ loaded }) => loaded === 1);
  expect(await dags()).toEqual([{ dag_id: "a", file: "dags/z.ts", active: true }]);

  await project.remove("dags/z.ts");
  expect(await until(({ retired }) => retired === 1)).toMatchObject({ files: 0 });
  expect(await dags()).toMatchObject([{ active: false }]);
  const { rows } = await db.query("select number from dag_version");
  expect(rows).toHaveLength(2); // what stacks call the file belongs to the code
});

it("goes on with the others whatever one file does while it is loaded", async () => {
  const project = await testProject({
    "dags/exits.ts": "process.exit(0);\nexport {};",
    "dags/good.ts": dagSource("good"),
    "dags/loops.ts": "for (;;);\nexport {};",
    "dags/waits.ts": "await new Promise(() => {});\nexport {};",
  });
  const { until } = await start(project, { timeMs: 1_500 });
  expect(await until(() => true)).toMatchObject({ files: 4, broken: 3, versions: 1 });
  expect(await dags()).toMatchObject([{ dag_id: "good", active: true }]);
  expect((await errors()).map(({ file, sentence }) => [file, sentence]).sort()).toEqual([
    ["dags/exits.ts", expect.stringMatching(/^dags\/exits\.ts:1: .*process\.exit.*Leave that out/)],
    ["dags/loops.ts", expect.stringMatching(/^dags\/loops\.ts: .*endless loop.*Move work into a task/)],
    ["dags/waits.ts", expect.stringMatching(/^dags\/waits\.ts:1: top-level await: .*Move it into a task/)],
  ]);
});

it("waits for a DAG folder, and for a module that is missing", async () => {
  const project = await testProject({});
  const { until } = await start(project);
  await until(({ files }) => files === 0);
  await project.write({ "dags/a.ts": dagSource("a", 'import "./include/later";') });
  await until(({ broken }) => broken === 1);
  await project.write({ "dags/include/later.ts": "export {};" });
  await until(({ broken }) => broken === 0);
  expect(await dags()).toMatchObject([{ dag_id: "a" }]);
});

it("loses nothing when Postgres drops its connection", async () => {
  const project = await testProject({ "dags/a.ts": dagSource("a") });
  const { until } = await start(project);
  await until(() => true);
  await db.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'vane loader' and datname = current_database()",
  );
  await project.write({ "dags/b.ts": dagSource("b") });
  await until(({ versions }) => versions === 1);
  expect(await dags()).toHaveLength(2);
});

it("is a process that beats, and says goodbye", async () => {
  const project = await testProject({});
  const { loader, until } = await start(project);
  await until(() => true);
  const pool = openPool(databaseUrl, { name: "observer", max: 1 });
  onTestFinished(() => pool.end());
  const row = async () =>
    (await pool.query<Row>("select kind, pid, beat, dead, dead_reason from process")).rows;
  expect(await row()).toMatchObject([{ kind: "loader", pid: process.pid, dead: false }]);
  await expect.poll(async () => (await row())[0], { timeout: 5_000 }).toMatchObject({ beat: 1 });
  await loader.stop();
  await loader.stop();
  expect(await row()).toMatchObject([{ dead: true, dead_reason: "goodbye" }]);
});

it("finds a file through a project that is a link", async () => {
  const project = await testProject({ "real/dags/a.ts": dagSource("a", "throw new Error('no')") });
  await symlink(project.at("real"), project.at("link"));
  const linked = {
    ...project,
    folder: project.at("link"),
    at: (file: string) => path.join(project.at("link"), file),
  };
  const { until } = await start(linked);
  await until(() => true);
  expect(await errors()).toMatchObject([{ file: "dags/a.ts", sentence: "dags/a.ts:1: Error: no." }]);
});
