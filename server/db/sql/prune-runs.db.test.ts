import { beforeEach, expect, it } from "vitest";
import type { Client } from "pg";
import { cutoffsAt, type Retention } from "../../domain/retention";
import { seedDag, seedFailedAttempt, seedRun, seedTask } from "../../testing/seed";
import { createTestDb, untilWaiting } from "../../testing/test-db";
import { countOldRuns, pruneRuns } from "./prune-runs";
import { query, type Statement } from "./statement";

const connect = await createTestDb();
const db = await connect();
const other = await connect();

const now = new Date("2027-06-01T00:00:00Z");
const OLD = "2026-11-24T14:30:00Z"; // 189 days before
const YOUNG = "2027-05-01T00:00:00Z";

beforeEach(async () => {
  await db.query(
    "truncate dag, dag_version, bundle, dag_run, task_instance, task_attempt, xcom, outbox cascade",
  );
  await seedDag(db);
});

const kept = (given: Partial<Retention> = {}) => {
  const { runs } = cutoffsAt({ logDays: 30, logBytes: 1, runDays: 90, runsPerDag: 1, ...given }, now);
  if (!runs) throw new Error("Runs are kept for ever.");
  return runs;
};
const prune = async (given: Partial<Retention> = {}, by: Client = db, maxTasks?: number) =>
  (await query(by, pruneRuns(kept(given), maxTasks))).map(({ runId }) => String(runId)).sort();
const left = async () =>
  (await db.query<{ run_id: string }>("select run_id from dag_run order by run_key")).rows.map(
    ({ run_id }) => run_id,
  );
const rowsOf = async (table: string) =>
  (await db.query<{ run_key: number }>(`select run_key from ${table} order by run_key`)).rows.map(
    ({ run_key }) => run_key,
  );

it("deletes runs that ended long ago with their tasks, attempts and results, and keeps the newest of each DAG", async () => {
  await seedDag(db, { id: "weekly" });
  const runs = [];
  for (const runId of ["a", "b", "c"]) {
    const { runKey } = await seedRun(db, { runId, state: "failed", at: OLD });
    runs.push(runKey);
    await seedTask(db, runKey, "fetch", { state: "failed" });
    await seedFailedAttempt(db, runKey, "fetch", "no");
    await db.query("insert into xcom values ($1, 'fetch', -1, 'return_value', '1', null, 1)", [runKey]);
  }
  await seedRun(db, { dagId: "weekly", runId: "only", state: "success", at: OLD });

  expect(await query(db, countOldRuns(kept({ runsPerDag: 2 })))).toEqual([{ count: 1 }]);
  expect(await prune({ runsPerDag: 2 })).toEqual(["a"]);
  expect(await left()).toEqual(["b", "c", "only"]);
  for (const table of ["task_instance", "task_attempt", "xcom"]) {
    expect(await rowsOf(table)).toEqual(runs.slice(1));
  }
  expect(await prune({ runsPerDag: 2 })).toEqual([]);
});

it("counts runs of any state among the newest", async () => {
  await seedRun(db, { runId: "old", state: "success", at: OLD });
  await seedRun(db, { runId: "open", state: "running", at: OLD });
  expect(await prune({ runsPerDag: 2 })).toEqual([]);
  expect(await prune({ runsPerDag: 1 })).toEqual(["old"]);
});

it("keeps what has not ended, what ended lately, and what an alert is still to be composed from", async () => {
  for (const state of ["queued", "running"] as const) await seedRun(db, { runId: state, state, at: OLD });
  await seedRun(db, { runId: "cleared_lately", state: "success", at: YOUNG });
  for (const kind of ["function", "notifier"] as const) {
    const { runKey } = await seedRun(db, { runId: kind, state: "failed", at: OLD });
    await db.query(
      `insert into outbox (dedupe_key, kind, dag_id, run_key, about, event, version, list, position, happened, notifier, channel)
       values ($1, $1, 'hello', $2, 'run', 'failure', 1, 'onFailure', 0, '{}', $3, $3)`,
      [kind, runKey, kind === "notifier" ? "telegram" : null],
    );
  }
  await seedRun(db, { runId: "newest", state: "success", at: OLD });
  expect(await prune()).toEqual([]);
  await db.query("update outbox set state = 'failed'");
  expect(await prune()).toEqual(["function", "notifier"]);
});

it("takes slices of so many tasks, and a run that is larger alone", async () => {
  for (const [runId, tasks] of [
    ["a", 1],
    ["b", 1],
    ["large", 9],
    ["c", 1],
    ["newest", 0],
  ] as const) {
    const { runKey } = await seedRun(db, { runId, state: "success", at: OLD });
    for (let n = 0; n < tasks; n += 1) await seedTask(db, runKey, `t${n}`, { state: "success" });
  }
  expect(await prune({}, db, 4)).toEqual(["a", "b"]);
  expect(await prune({}, db, 4)).toEqual(["large"]);
  expect(await prune({}, db, 4)).toEqual(["c"]);
  expect(await prune({}, db, 4)).toEqual([]);
});

const CLEAR = `update dag_run set state = 'queued', reason = null, ended_at = null, clear_number = clear_number + 1
                where run_id = 'a' and state = 'success' and clear_number = 0`;

it("leaves a run that somebody is clearing, and has nothing to say against it once it is over", async () => {
  await seedRun(db, { runId: "a", state: "success", at: OLD });
  await seedRun(db, { runId: "b", state: "success", at: OLD });
  await seedRun(db, { runId: "newest", state: "success", at: OLD });
  await other.query("begin");
  await other.query(CLEAR);
  expect(await prune()).toEqual(["b"]);
  await other.query("commit");
  expect(await prune()).toEqual([]);
  await db.query("update dag_run set state = 'success', reason = 'returned', ended_at = $1", [YOUNG]);
  expect(await prune()).toEqual([]);
  expect(await left()).toEqual(["a", "newest"]);
});

/** The same statement, held up between its look at the runs and its grip on them. */
function heldUp<Row>({ text, ...rest }: Statement<Row>): Statement<Row> {
  const held = text
    .replace("with old as", "with gate as materialized (select pg_advisory_xact_lock(42)), old as")
    .replace("as tasks\n      from old", "as tasks\n      from old, gate");
  expect(held.match(/gate/g)).toHaveLength(2);
  return { ...rest, text: held, name: "held_up" };
}

it("looks again at the row it has got, should the run have been cleared since it looked", async () => {
  await seedRun(db, { runId: "a", state: "success", at: OLD });
  await seedRun(db, { runId: "newest", state: "success", at: OLD });
  await other.query("select pg_advisory_lock(42)");
  const pruning = query(db, heldUp(pruneRuns(kept())));
  await untilWaiting(other);
  await other.query(CLEAR);
  await other.query("select pg_advisory_unlock(42)");
  expect(await pruning).toEqual([]);
  expect(await left()).toEqual(["a", "newest"]);
});

it("deletes each run once when two are at it", async () => {
  for (let n = 0; n < 20; n += 1) {
    const { runKey } = await seedRun(db, { runId: `r${n}`, state: "success", at: OLD });
    await seedTask(db, runKey, "fetch", { state: "success" });
  }
  const all = async (by: Client) => {
    const gone: string[] = [];
    for (let empty = 0; empty < 3;) {
      const slice = await prune({}, by, 4);
      gone.push(...slice);
      if (slice.length === 0) empty += 1;
    }
    return gone;
  };
  const gone = (await Promise.all([all(db), all(other)])).flat();
  expect(new Set(gone).size).toBe(gone.length);
  const last = await all(db);
  expect(gone.length + last.length).toBe(19);
});
