import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { z } from "zod";
import { DagId, RunId, TaskId } from "../domain/ids";
import { renderLines } from "../logs/log-line";
import { logPath } from "../logs/log-path";
import { aProject } from "../testing/command-line";
import { seedDag, seedFailedAttempt, seedOwner, seedRun, seedTask } from "../testing/seed";
import { createTestDb } from "../testing/test-db";

const connect = await createTestDb();
const db = await connect();
const { home, vane, remove } = await aProject(db);
afterAll(remove);

const json = (text: string): unknown => JSON.parse(text);
const params = z.toJSONSchema(z.object({ wallet: z.string().default("0xabc"), limit: z.int().optional() }), {
  io: "input",
});
await seedDag(db, { params: z.json().parse(params), schedule: ["*/15 * * * *"] });
await seedDag(db, { id: "alone", tasks: { only: [] } });

const failed = await seedRun(db, { runId: "manual__1", state: "failed", conf: { wallet: "0x1" } });
await seedTask(db, failed.runKey, "fetch", { state: "failed" });
await seedTask(db, failed.runKey, "save", { state: "upstream_failed", reason: "upstream" });
await seedFailedAttempt(db, failed.runKey, "fetch", "the pool is empty");
await seedRun(db, { runId: "manual__2", state: "running" });

const lines = (said: { out: string }) => said.out.trimEnd().split("\n");

it("lists DAGs as an aligned table, and as JSON with Airflow's keys", async () => {
  const said = await vane(["dags", "list"]);
  expect(said).toMatchObject({ exit: 0, err: "" });
  expect(lines(said)).toEqual([
    "dag_id  schedule      paused  next_run  last_run              state    file",
    "alone   -             no      -         -                     -        alone.ts",
    "hello   */15 * * * *  no      -         2026-11-24T14:30:00Z  running  hello.ts",
  ]);
  const { out } = await vane(["dags", "list", "--output", "json"]);
  expect(json(out)).toMatchObject([
    { dag_id: "alone", is_paused: false, schedule: null, last_run_id: null },
    {
      dag_id: "hello",
      is_paused: false,
      schedule: "*/15 * * * *",
      last_run_id: "manual__2",
      max_active_runs: 16,
    },
  ]);
});

it("says which DAGs are in quarantine and why, and lists the others whatever one's rows are", async () => {
  await seedDag(db, { id: "broken", tasks: { only: [] } });
  await db.query(
    "update dag set quarantine = 'Its structure cannot be read.', quarantined_at = now() where dag_id = 'broken'",
  );
  const shown = await vane(["dags", "show", "broken"]);
  expect(shown.out).toContain("Its structure cannot be read. It is tried again every minute.");
  await db.query("update dag_version set structure = '{' where dag_id = 'broken'");
  const said = await vane(["dags", "list"]);
  expect(said.exit).toBe(0);
  expect(said.out).toContain("hello ");
  expect(said.err).toContain("broken is in quarantine, nothing of it moves: Its structure cannot be read.");
  await db.query("delete from dag_version where dag_id = 'broken'");
  await db.query("delete from dag where dag_id = 'broken'");
});

it("shows a DAG with its tasks and params", async () => {
  const { out } = await vane(["dags", "show", "hello"]);
  expect(out).toContain('params:    wallet: string = "0xabc", limit: integer\n');
  expect(out).toContain("save     fetch      -        -        4\n");
  expect(json((await vane(["dags", "show", "hello", "--output", "json"])).out)).toMatchObject({
    tasks: [
      { task_id: "fetch", upstream_task_ids: [], downstream_task_ids: ["save"], trigger_rule: "all_success" },
      { task_id: "save", upstream_task_ids: ["fetch"], downstream_task_ids: [] },
    ],
  });
});

it.each([
  [["dags", "show", "helo"], 4, "There is no DAG helo. Did you mean hello?"],
  [
    ["runs", "list", "nothing_like_it"],
    4,
    "There is no DAG nothing_like_it. `vane dags list` shows them all.",
  ],
  [["runs", "show", "hello", "manual__9"], 4, "hello has no run manual__9."],
  [["runs", "show", "alone", "latest"], 4, "alone has no run yet. `vane dags trigger alone` makes one."],
  [["tasks", "logs", "hello", "manual__1", "fetsh"], 4, "Did you mean fetch?"],
  [["dags", "lst"], 2, "Did you mean list?"],
  [["runs", "list", "--sate", "failed"], 2, "Did you mean --state?"],
  [["runs", "list", "--state", "broken"], 2, "Allowed choices are queued, running, success, failed."],
  [["runs", "list", "--limit", "many"], 2, "A whole number is wanted."],
  [["dags", "trigger", "hello", "--logical-date", "tomorrow"], 2, "A date is wanted"],
  [["dags", "trigger", "hello", "--params", "wallet"], 2, "neither a JSON object nor key=value"],
  [["dags", "trigger", "hello", "--params", "walet=0x"], 2, "walet: This DAG has no such param."],
  [["dags", "trigger", "hello", "-p", "limit=many"], 2, "limit: Invalid input"],
  [["dags", "list", "--project", "/nowhere"], 3, "Vane is not running in /nowhere. Start it with"],
])("answers %j with %i and a sentence", async (words, exit, sentence) => {
  const said = await vane(words);
  expect(said).toMatchObject({ exit, out: "" });
  expect(said.err).toContain(sentence);
  expect(said.err).not.toContain("    at ");
});

it("lists runs, newest first, of a state, and as many as asked for", async () => {
  expect(lines(await vane(["runs", "list", "hello"])).map((line) => line.split(/ +/)[1])).toEqual([
    ...["run_id", "manual__2", "manual__1"],
  ]);
  expect(json((await vane(["runs", "list", "--state", "failed", "--output", "json"])).out)).toEqual([
    expect.objectContaining({
      ...{ dag_id: "hello", run_id: "manual__1", run_type: "manual", state: "failed", duration: 4.2 },
      ...{ logical_date: null, conf: { wallet: "0x1" }, start_date: "2026-11-24T14:30:00.000Z" },
    }),
  ]);
  const said = await vane(["runs", "list", "--limit", "1"]);
  expect(lines(said)).toHaveLength(2);
  expect(said.err).toBe("These are the newest 1; --limit 0 shows all.\n");
});

it("shows a run with the error of what failed", async () => {
  const { out } = await vane(["runs", "show", "hello", "manual__1"]);
  expect(out).toContain("duration:      4.2s\n");
  expect(out).toContain(
    "fetch    failed           1    2026-11-24T14:30:01Z  1s        The task threw an error.\n",
  );
  expect(out).toContain("fetch 1         Error: the pool is empty\n");
});

it("lists tasks of the newest run when told `latest`", async () => {
  const { out } = await vane(["tasks", "list", "hello", "latest", "--output", "json"]);
  expect(json(out)).toEqual([]);
  expect(json((await vane(["tasks", "list", "hello", "manual__1", "--output", "json"])).out)).toMatchObject([
    { task_id: "fetch", map_index: -1, try_number: 1, max_tries: 1, state: "failed", duration: 1 },
    { task_id: "save", state: "upstream_failed", reason: "upstream" },
  ]);
});

async function writeLog(attempt: number, texts: readonly string[]) {
  const ids = { dagId: DagId.parse("hello"), runId: RunId.parse("manual__1"), taskId: TaskId.parse("fetch") };
  const file = logPath(join(home, "logs"), { ...ids, mapIndex: -1, attempt });
  await mkdir(dirname(file), { recursive: true });
  await writeFile(
    file,
    texts.flatMap((text) => renderLines("log", "info", text, { pool: 7 })).join("\n") + "\n",
  );
  return file;
}

it("prints a log, and lets nothing in it steer the terminal", async () => {
  await writeLog(1, ["first", "\u001b]52;c;aGFja2Vk\u0007\u001b[2Jsecond \u202ebackwards"]);
  const said = await vane(["tasks", "logs", "hello", "manual__1", "fetch"]);
  expect(lines(said).map((line) => line.slice(14))).toEqual([
    'info    first  {"pool":7}',
    'info    second \ufffdbackwards  {"pool":7}',
  ]);
  const followed = await vane(["tasks", "logs", "hello", "manual__1", "fetch", "--follow"]);
  expect(followed.out).toBe(said.out);
  expect(followed.err).toBe("Attempt 1 has ended; the task is failed.\n");
  expect(await vane(["tasks", "logs", "hello", "manual__1", "fetch", "--attempt", "3"])).toMatchObject({
    ...{ exit: 0, out: "", err: "fetch has no attempt 3: it is at 1.\n" },
  });
});

it("prints only the last lines of a log, or from a line on", async () => {
  await writeLog(1, ["first", "second", "third"]);
  const logs = ["tasks", "logs", "hello", "manual__1", "fetch"];
  const words = async (...options: string[]) =>
    lines(await vane([...logs, ...options])).map((line) => line.slice(22).split(" ")[0]);
  expect(await words("--tail", "2")).toEqual(["second", "third"]);
  expect(await words("--tail", "1", "--follow")).toEqual(["third"]);
  expect(await words("--from-line", "2")).toEqual(["second", "third"]);
  expect(await vane([...logs, "--from-line", "9"])).toMatchObject({
    out: "",
    err: "The log has no line 9.\n",
  });
  expect(await vane([...logs, "--from-line", "2", "--tail", "1"])).toMatchObject({ exit: 2 });
});

it("says that a log is gone, was never written, or is no file of ours", async () => {
  const logs = ["tasks", "logs", "hello", "manual__1", "fetch"];
  const file = await writeLog(1, []);
  await rm(file);
  expect(await vane(logs)).toMatchObject({ exit: 0, err: "Attempt 1 of fetch has written nothing.\n" });
  await db.query("update task_attempt set log_bytes = 4200 where run_key = $1", [failed.runKey]);
  const gone =
    "The log of attempt 1 of fetch (4.2 kB) is gone. " +
    "Runs are kept for 90 days and at least the last 100 of a DAG, logs for 30 days and up to 5 GB.\n";
  expect(await vane(logs)).toEqual({ exit: 4, out: "", err: gone });
  expect(await vane([...logs, "--tail", "3"])).toMatchObject({ exit: 4, err: gone });
  expect((await vane([...logs, "--follow"])).err).toBe(`Attempt 1 has ended; the task is failed.\n${gone}`);
  await symlink(join(home, "run.json"), file);
  const linked = await vane(logs);
  expect(linked).toMatchObject({
    exit: 4,
    out: "",
    err: expect.stringContaining("it is a link, and Vane follows"),
  });
  await rm(file);
});

it("says of a log that the disk did not take whole that lines are missing, and where", async () => {
  await writeLog(1, ["first"]);
  await db.query("update task_attempt set log_truncated = true where task_id = 'fetch'");
  for (const more of [[], ["--follow"]]) {
    const { exit, err } = await vane(["tasks", "logs", "hello", "manual__1", "fetch", ...more]);
    expect([exit, err]).toEqual([
      0,
      expect.stringMatching(/Lines are missing: .*attempt=1\.log\. Is the disk full\?/),
    ]);
  }
  await db.query("update task_attempt set log_truncated = false");
});

it("pauses and says what that means", async () => {
  expect((await vane(["dags", "pause", "alone"])).out).toBe(
    "alone is paused. Tasks that run now end normally.\n",
  );
  expect((await vane(["dags", "pause", "alone"])).out).toBe("alone is paused already.\n");
  expect(json((await vane(["dags", "unpause", "alone", "--output", "json"])).out)).toEqual({
    ...{ dag_id: "alone", is_paused: false },
  });
});

it("names files that could not be loaded, with the place and the frame", async () => {
  await db.query(
    `insert into import_error (file, code, sentence, line, col, frame, dag_ids)
     values ('broken.ts', 'dag.syntax', 'Unexpected "}".', 3, 7, '> 3 |   save(});', '{hello}')`,
  );
  expect((await vane(["dags", "list"])).err).toBe(
    "1 file could not be loaded: vane dags list-import-errors says why.\n",
  );
  expect((await vane(["dags", "list-import-errors"])).out).toBe(
    'broken.ts:3:7  dag.syntax\nUnexpected "}".\n> 3 |   save(});\nhello: the last good version stays in use.\n',
  );
});

it("explains why a task does not run, every rule of it", async () => {
  const run = await seedRun(db, { runId: "waits", at: "2026-11-24T14:00:00Z" });
  await seedTask(db, run.runKey, "fetch", { state: "running" });
  await seedTask(db, run.runKey, "save");
  const owner = await seedOwner(db, "hello");
  const insertWorker = `insert into process (id, kind, host, boot_id, pid_namespace, pid, pid_start, info)
    values (gen_random_uuid(), 'worker', 'test', '', '', 1, '', '{"slots": 4}')`;
  await db.query(insertWorker);
  const said = await vane(["tasks", "explain", "hello", "waits", "save"]);
  expect(lines(said)).toEqual([
    "Waits for fetch (running).",
    "",
    "rule              met  because",
    "scheduler         yes  A live scheduler owns the DAG.",
    "not_paused        yes  The DAG is not paused.",
    "run_started       yes  The run is running.",
    "upstream_done     no   Waits for fetch (running).",
    "params_checked    yes  The params have passed.",
    "max_active_tasks  yes  1 of 16 tasks of this DAG are running.",
    "worker_slot       yes  1 of 4 worker slots are taken.",
  ]);
  await db.query("update process set dead = true, dead_reason = 'test' where id = $1", [owner]);
  const words = ["tasks", "explain", "hello", "waits", "save", "--output", "json"];
  expect(json((await vane(words)).out)).toMatchObject({
    answer: "No live scheduler owns this DAG. Is Vane's scheduler running?",
    rules: expect.arrayContaining([expect.objectContaining({ rule: "scheduler", met: false })]),
  });
});

it("shows when a DAG is due, in its own zone", async () => {
  await seedDag(db, {
    ...{ id: "daily", schedule: ["30 2 * * *"] },
    settings: { timezone: "Europe/Berlin", end: "2026-10-27T00:00:00Z" },
  });
  await db.query("update dag set next_run = '2026-10-24T00:30:00Z' where dag_id = 'daily'");
  const { out } = await vane(["dags", "next", "daily"]);
  expect(out.split("\n").map((line) => line.split(/ {2,}/).slice(0, 2))).toEqual([
    ["logical_date", "Europe/Berlin"],
    ["2026-10-24T00:30:00Z", "2026-10-24 02:30:00"],
    ["2026-10-25T00:30:00Z", "2026-10-25 02:30:00"],
    ["2026-10-26T01:30:00Z", "2026-10-26 02:30:00"],
    [""],
  ]);
  expect(json((await vane(["dags", "next", "daily", "-n", "1", "--output", "json"])).out)).toEqual([
    expect.objectContaining({ dag_id: "daily", logical_date: "2026-10-24T00:30:00.000Z" }),
  ]);
  expect(await vane(["dags", "next", "alone"])).toEqual({
    ...{ exit: 0, out: "", err: "alone has no schedule: it runs when triggered.\n" },
  });
});

it("says version and help, and that a group alone is no command", async () => {
  expect(await vane(["--version"])).toEqual({ exit: 0, out: "0.0.0\n", err: "" });
  const { exit, out } = await vane(["dags", "trigger", "--help"]);
  expect({ exit, out }).toMatchObject({ exit: 0, out: expect.stringContaining("--project <dir>") });
  expect((await vane(["dags"])).exit).toBe(2);
});

it("says what is odd about a file at its DAG and among the errors, and does not call the file broken", async () => {
  await db.query(
    `insert into import_error (file, severity, code, sentence, line, dag_ids)
     values ('hello.ts', 'warning', 'dag.not_exported', 'hello.ts:9: DAG lost is made and not exported.', 9, '{hello}')`,
  );
  expect((await vane(["dags", "show", "hello"])).err).toContain("warning: hello.ts:9: DAG lost is made");
  expect((await vane(["dags", "list"])).err).toContain("1 file with warnings");
  const { out } = await vane(["dags", "list-import-errors"]);
  expect(out).toContain("hello.ts:9  dag.not_exported (warning)");
  await db.query("delete from import_error where severity = 'warning'");
});
