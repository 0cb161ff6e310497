import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeEach, expect, it } from "vitest";
import { query, type Statement } from "../db/sql/statement";
import { TaskId, type DagId, type RunId } from "../domain/ids";
import type { Retention } from "../domain/retention";
import { logPath } from "../logs/log-path";
import { silentLog, type Log } from "../platform/log";
import { fakeClock } from "../testing/fake-clock";
import { seedDag, seedRun, seedTask } from "../testing/seed";
import { signal } from "../testing/signal";
import { createTestDb } from "../testing/test-db";
import { goneInWords } from "./prune-in-words";
import { previewPrune, prune, type PruneCounts } from "./prune";
import { prunerService } from "./pruner";

const connect = await createTestDb();
const [db, other] = await Promise.all([connect(), connect()]);
const home = mkdtempSync(path.join(tmpdir(), "vane-prune-"));
afterAll(() => {
  rmSync(home, { recursive: true });
});

const DAY = 86_400_000;
const daysAgo = (days: number) => new Date(Date.now() - days * DAY);
const retention: Retention = { logDays: 2, logBytes: null, runDays: 4, runsPerDag: 1 };
const NOTHING: PruneCounts = {
  ...{ runs: 0, versions: 0, bundles: 0, objects: 0, logs: 0, logBytes: 0 },
  ...{ alerts: 0, commands: 0, inbox: 0, processes: 0, audit: 0, sessions: 0, limits: 0, links: 0 },
};
const ask = <Row>(statement: Statement<Row>) => query(db, statement);
const pace = () => Promise.resolve();

beforeEach(async () => {
  await db.query(
    `truncate dag, dag_version, bundle, dag_run, task_instance, outbox, command, inbox, process, audit_event,
              "user", rate_limit, verification cascade`,
  );
  rmSync(home, { recursive: true });
  mkdirSync(home);
  await seedDag(db);
});

function place(file: string, days: number) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, "x".repeat(10));
  utimesSync(file, daysAgo(days), daysAgo(days));
}

async function aRun(runId: string, days: number, state: "running" | "success" = "success") {
  const run = await seedRun(db, { runId, state, at: daysAgo(days).toISOString() });
  const task = await seedTask(db, run.runKey, "fetch", { state });
  const [log, object] = [
    logOf(run),
    path.join(home, "objects", String(run.runKey), task, "-1-x-result.json"),
  ];
  place(log, days);
  place(object, days);
  return { ...run, log, object };
}

const logOf = (run: { dagId: DagId; runId: RunId }) =>
  logPath(path.join(home, "logs"), { ...run, taskId: TaskId.parse("fetch"), mapIndex: -1, attempt: 1 });

it("takes away runs with their stored results, and logs by their own age; nothing of a run that goes on", async () => {
  const runs = [
    await aRun("waiting", 50, "running"),
    await aRun("old", 5),
    await aRun("without_log", 3),
    await aRun("young", 1),
  ];
  const counts = { ...NOTHING, runs: 1, objects: 1, logs: 2, logBytes: 20 };
  expect(await previewPrune({ ask, home, retention, pace })).toEqual({ ...counts, objects: 0 });
  expect(await prune({ ask, home, retention, pace })).toEqual(counts);
  expect(runs.map(({ log, object }) => [existsSync(log), existsSync(object)])).toEqual([
    [true, true],
    [false, false],
    [false, true],
    [true, true],
  ]);
  expect(await prune({ ask, home, retention, pace })).toEqual(NOTHING);
});

it("finds the stored results of a run whose rows went before it died, and none of another database's", async () => {
  const { runKey, object } = await aRun("old", 5);
  await aRun("newest", 5);
  await db.query("delete from dag_run where run_key = $1", [runKey]);
  const foreign = path.join(home, "objects", String((Date.now() - Date.UTC(2026, 0, 1)) * 4096));
  mkdirSync(foreign);
  mkdirSync(path.join(home, "objects", "notes"));
  expect(await prune({ ask, home, retention, pace })).toMatchObject({ runs: 0, objects: 1 });
  expect(existsSync(path.dirname(object))).toBe(false);
  expect(readdirSync(path.join(home, "objects"))).toHaveLength(3);
});

it("keeps everything when it is told to, but for what nobody refers to", async () => {
  await aRun("old", 500);
  await aRun("older", 600);
  const forever = { logDays: null, logBytes: null, runDays: null, runsPerDag: 1 };
  expect(await prune({ ask, home, retention: forever, pace })).toEqual(NOTHING);
});

it("takes away versions that no run has, and their bundles; never the current one or one newer", async () => {
  await db.query(
    "insert into bundle (hash, code, source_map, created_at) select x, '', '', $1 from unnest($2::text[]) x",
    [daysAgo(5), ["b2", "b3", "b4", "b5", "b6"]],
  );
  for (const number of [2, 3, 4, 5, 6]) {
    await db.query(
      `insert into dag_version (dag_id, number, bundle_hash, structure_hash, structure, format, lockfile_hash, created_at)
       values ('hello', $1, $2, 's', '{}', 1, '', $3)`,
      [number, `b${number}`, number === 3 ? daysAgo(1) : daysAgo(5)],
    );
  }
  await db.query("update dag set current_version = 5");
  await aRun("of_version_1", 1);
  // An alert names the version that its run had then.
  await db.query(
    `insert into outbox (dedupe_key, kind, dag_id, run_key, about, event, version, list, position, happened)
     values ('a', 'function', 'hello', 1, 'run', 'failure', 2, 'onFailure', 0, '{}')`,
  );
  expect(await prune({ ask, home, retention, pace })).toEqual({ ...NOTHING, versions: 1, bundles: 1 });
  await db.query("update outbox set state = 'failed'");
  expect(await prune({ ask, home, retention, pace })).toEqual({ ...NOTHING, versions: 1, bundles: 1 });
  const { rows } = await db.query<{ bundle_hash: string }>(
    "select bundle_hash from dag_version order by number",
  );
  expect(rows.map(({ bundle_hash }) => bundle_hash)).toEqual(["b", "b3", "b5", "b6"]);
});

it("leaves bundles to a loader that is about to build on one", async () => {
  await db.query("insert into bundle (hash, code, source_map, created_at) values ('b2', '', '', $1)", [
    daysAgo(5),
  ]);
  await other.query("begin");
  await other.query("select pg_advisory_xact_lock(7261404)");
  expect(await prune({ ask, home, retention, pace })).toEqual(NOTHING);
  await other.query("commit");
  expect(await prune({ ask, home, retention, pace })).toEqual({ ...NOTHING, bundles: 1 });
});

it("takes away alerts, commands, words and processes that are over for a month", async () => {
  for (const [n, days] of [31, 29].entries()) {
    for (const state of ["pending", "failed"]) {
      await db.query(
        `insert into outbox (dedupe_key, kind, dag_id, run_key, about, event, version, list, position, happened, state, created_at)
         values ($1, 'function', 'hello', 1, 'run', 'failure', 1, 'onFailure', 0, '{}', $2, $3)`,
        [`${state}${days}`, state, daysAgo(days)],
      );
    }
    for (const answered of [daysAgo(days), null]) {
      await db.query(
        `insert into command (principal, idempotency_key, kind, dag_id, arguments, answered_at, outcome)
         values ('cli:olga', $1, 'cancel_run', 'hello', '{}', $2, $3)`,
        [`${days}${answered ? "answered" : "open"}`, answered, answered && "{}"],
      );
    }
    await db.query("insert into inbox (dag_id, kind, created_at) values ('gone', 'paused', $1)", [
      daysAgo(days),
    ]);
    for (const dead of [true, false]) {
      await db.query(
        `insert into process (id, kind, host, boot_id, pid_namespace, pid, pid_start, beat_at, dead, dead_reason)
         values ($1, 'worker', 'test', '', '', $2, '', $3, $4, $5)`,
        [crypto.randomUUID(), n, daysAgo(days), dead, dead ? "goodbye" : null],
      );
    }
  }
  const counts = { ...NOTHING, alerts: 1, commands: 1, inbox: 1, processes: 1 };
  expect(await previewPrune({ ask, home, retention, pace })).toEqual(counts);
  expect(await prune({ ask, home, retention, pace })).toEqual(counts);
});

it("takes away what is over for those who sign in, and keeps for a year who changed what", async () => {
  await db.query(`insert into "user" (id, name, email) values ('u', 'Olga', 'olga@example.com')`);
  for (const [name, at] of [
    ["over", "now() - interval '1 second'"],
    ["open", "now() + interval '1 minute'"],
  ]) {
    await db.query(`insert into session (id, token, user_id, expires_at) values ($1, $1, 'u', ${at})`, [
      name,
    ]);
    await db.query(`insert into rate_limit (key, points, expires_at) values ($1, 1, ${at})`, [name]);
    await db.query(
      `insert into verification (id, identifier, value, expires_at) values ($1, '', '', ${at})`,
      [name],
    );
  }
  await db.query(
    "insert into audit_event (at, principal, action, subject) select unnest($1::timestamptz[]), 'cli:olga', 'x', 'y'",
    [[daysAgo(366), daysAgo(364)]],
  );
  const counts = { ...NOTHING, audit: 1, sessions: 1, limits: 1, links: 1 };
  expect(await previewPrune({ ask, home, retention, pace })).toEqual(counts);
  expect(await prune({ ask, home, retention, pace })).toEqual(counts);
  expect(goneInWords(counts)).toBe(
    "1 audit event, 1 session that is over, 1 count of wrong passwords, 1 link that is over",
  );
  expect((await db.query("select id from session")).rows).toEqual([{ id: "open" }]);
});

it("begins a minute after the start, goes on once an hour, and says what went", async () => {
  await aRun("old", 5);
  await aRun("newest", 1);
  const clock = fakeClock(new Date());
  const passes = signal<PruneCounts | { readonly error: unknown }>();
  const said: string[] = [];
  const note = (_: object, message: string) => void said.push(message);
  const log: Log = { ...silentLog, info: note, warn: note };
  const clients = [await connect(), await connect()];
  const pruner = prunerService({
    ...{ home, retention, clock, log, onPass: passes.send },
    connect: () => {
      const client = clients.shift();
      return client ? Promise.resolve(client) : Promise.reject(new Error("no database"));
    },
  });
  pruner.start();
  clock.advance(59_000);
  expect(clock.nextAlarmMs()).toBe(1_000);
  clock.advance(1_000);
  expect(await passes.next()).toMatchObject({ runs: 1, logs: 1 });
  expect(clock.nextAlarmMs()).toBe(3_600_000);
  clock.advance(3_600_000);
  expect(await passes.next()).toEqual(NOTHING);
  clock.advance(3_600_000);
  expect(await passes.next()).toMatchObject({ error: new Error("no database") });
  await pruner.stop();
  expect(said).toEqual([
    "Removed with age: 1 run, 1 log (10 bytes), 1 run's stored results",
    "Retention could not go on; trying again",
  ]);
  expect(clock.nextAlarmMs()).toBeUndefined();
});
