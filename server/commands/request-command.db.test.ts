import type { Client } from "pg";
import { expect, inject, it } from "vitest";
import { connectClient, openPool } from "../db/pool";
import { DagId } from "../domain/ids";
import { systemClock } from "../platform/clock";
import { withDatabase } from "../supervisor/embedded-postgres";
import { countRows, seedDag, seedOwner } from "../testing/seed";
import { createTestDb } from "../testing/test-db";
import { answerTo } from "./answer-to";
import { CancelRunArguments, requestCancel } from "./cancel-run";
import { hear } from "./hear";
import { openAnswers } from "./open-answers";
import { pauseDag } from "./pause-dag";
import type { Door } from "./request-command";
import { requestTrigger, TriggerRunArguments } from "./trigger-run";

const connect = await createTestDb();
const db = await connect();
const door: Door = { db, principal: "cli:olga", answerTo: () => Promise.resolve(undefined) };
const clock = systemClock(() => 0);
await seedDag(db);

let keys = 0;
const aKey = () => `key-number-${(keys += 1)}`;
const cancel = (runId: string, idempotencyKey = aKey()) =>
  CancelRunArguments.parse({ dagId: "hello", runId, idempotencyKey });
const trigger = (conf: object, idempotencyKey = aKey()) =>
  TriggerRunArguments.parse({ dagId: "hello", logicalDate: null, conf, idempotencyKey });

const answer = async (key: string, outcome: object, by = db) => {
  await by.query("update command set outcome = $2, answered_at = now() where idempotency_key = $1", [
    key,
    JSON.stringify(outcome),
  ]);
};
const idOf = async (key: string) => {
  const { rows } = await db.query<{ id: number }>("select id from command where idempotency_key = $1", [key]);
  return rows[0]?.id ?? 0;
};

it("takes the same request twice as one command", async () => {
  const first = await requestCancel(door, cancel("manual__1", "same-key"));
  expect(first.kind).toBe("waiting");
  expect(await requestCancel(door, cancel("manual__1", "same-key"))).toEqual(first);
});

it("lets many that send one key at once be one command", async () => {
  const before = await countRows(db, "command");
  const others = await Promise.all([connect(), connect(), connect()]);
  const args = trigger({ wallet: "0x" });
  const outcomes = await Promise.all(others.map((other) => requestTrigger({ ...door, db: other }, args)));
  expect(new Set(outcomes.map((outcome) => outcome.kind === "waiting" && outcome.commandId)).size).toBe(1);
  expect(await countRows(db, "command")).toBe(before + 1);
});

it("compares arguments as JSON: the order of keys says nothing", async () => {
  const key = aKey();
  const first = await requestTrigger(door, trigger({ a: 1, b: "\u0000" }, key));
  expect(await requestTrigger(door, trigger({ b: "\u0000", a: 1 }, key))).toEqual(first);
});

it("refuses another command under a key that is taken, and says what to do", async () => {
  const key = aKey();
  await requestCancel(door, cancel("manual__3", key));
  const refused = { code: "command.key_reused", sentence: expect.stringContaining("under a new key") };
  await expect(requestCancel(door, cancel("manual__4", key))).rejects.toMatchObject(refused);
  await expect(requestTrigger(door, trigger({}, key))).rejects.toMatchObject(refused);
});

it("leaves one key to each principal", async () => {
  const key = aKey();
  await requestCancel(door, cancel("manual__5", key));
  expect((await requestCancel({ ...door, principal: "cli:ivan" }, cancel("manual__6", key))).kind).toBe(
    "waiting",
  );
});

it("hands over the owner's answer when asked again", async () => {
  const key = aKey();
  await requestCancel(door, cancel("manual__2", key));
  await answer(key, { kind: "cancelling", running: 3 });
  expect(await requestCancel(door, cancel("manual__2", key))).toEqual({ kind: "cancelling", running: 3 });
});

it("tells schedulers which DAG a command is for", async () => {
  const listener = await connect();
  await listener.query("listen vane_command");
  const heard = new Promise((resolve) =>
    listener.on("notification", ({ payload }) => {
      resolve(payload);
    }),
  );
  await requestCancel(door, cancel("manual__7"));
  expect(await heard).toBe("hello");
});

const patience = { ownedMs: Infinity, ownerlessMs: Infinity };
const by = (listener: Client): Parameters<typeof answerTo>[0] => ({
  ...{ db: listener, clock },
  hear: (wanted) => hear(listener, clock, "vane_answer", wanted),
});

it.each([
  ["by its id", (id: number) => `7,${id},9`],
  ["among too many to name", () => "*"],
])("waits for the answer and hears it %s", async (_how, payload) => {
  const listener = await connect();
  const owner = await connect();
  const key = aKey();
  const waiting = requestCancel(
    { ...door, answerTo: answerTo(by(listener), patience) },
    cancel("manual__8", key),
  );
  await expect.poll(() => idOf(key)).toBeGreaterThan(0);
  await answer(key, { kind: "cancelling", running: 0 }, owner);
  await owner.query("select pg_notify('vane_answer', $1)", [payload(await idOf(key))]);
  expect(await waiting).toEqual({ kind: "cancelling", running: 0 });
});

it("finds the answer although its word was lost", async () => {
  const listener = await connect();
  const key = aKey();
  const waiting = requestCancel(
    { ...door, answerTo: answerTo(by(listener), patience) },
    cancel("manual__9", key),
  );
  await expect.poll(() => idOf(key)).toBeGreaterThan(0);
  await answer(key, { kind: "cancelling", running: 0 });
  expect(await waiting).toEqual({ kind: "cancelling", running: 0 });
});

it("hears for many at once by one connection, also after that has broken", async () => {
  const url = withDatabase(inject("adminUrl"), db.database ?? "");
  const pool = openPool(url, { name: "test", max: 4 });
  const answers = openAnswers({ db: pool, clock, connect: () => connectClient(url, { name: "ear" }) });
  const ears =
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'vane ear' and query ilike 'listen%'";
  for (const round of [1, 2]) {
    const keys = [aKey(), aKey()];
    const waiting = keys.map((key) =>
      requestCancel({ ...door, answerTo: answers.answerTo }, cancel(`manual__2${round}`, key)),
    );
    for (const key of keys) {
      await expect.poll(() => idOf(key)).toBeGreaterThan(0);
      await answer(key, { kind: "cancelling", running: round });
      await db.query("select pg_notify('vane_answer', $1)", [String(await idOf(key))]);
    }
    expect(await Promise.all(waiting)).toEqual(keys.map(() => ({ kind: "cancelling", running: round })));
    await expect.poll(async () => (await db.query(ears)).rowCount).toBe(1);
  }
  await answers.stop();
  await pool.end();
});

it("says that it waits for a scheduler as soon as it knows that there is none", async () => {
  const listener = await connect();
  const ownerless = { ownedMs: Infinity, ownerlessMs: 0 };
  const waits = { ...door, answerTo: answerTo(by(listener), ownerless) };
  expect((await requestCancel(waits, cancel("manual__10"))).kind).toBe("waiting");
});

it("has patience with an owner that lives, and none with a dead one", async () => {
  const listener = await connect();
  const owner = await seedOwner(db, "hello");
  const key = aKey();
  const ownerless = { ownedMs: Infinity, ownerlessMs: 0 };
  const waiting = requestCancel(
    { ...door, answerTo: answerTo(by(listener), ownerless) },
    cancel("manual__11", key),
  );
  await expect.poll(() => idOf(key)).toBeGreaterThan(0);
  await db.query("update process set dead = true, dead_reason = 'test' where id = $1", [owner]);
  expect((await waiting).kind).toBe("waiting");
});

it("notes who asked for what, once an intention", async () => {
  const audited = () =>
    db.query("select action, subject from audit_event where principal = 'cli:olga' order by id");
  await db.query("delete from audit_event");
  const twice = cancel("manual__12");
  for (const args of [twice, twice]) await requestCancel(door, args);
  await requestTrigger(door, trigger({}));
  await pauseDag(door, { dagId: DagId.parse("hello"), paused: true, idempotencyKey: aKey() });
  await pauseDag(door, { dagId: DagId.parse("hello"), paused: true, idempotencyKey: aKey() });
  await pauseDag(door, { dagId: DagId.parse("hello"), paused: false, idempotencyKey: aKey() });
  expect((await audited()).rows).toEqual([
    { action: "run.cancel_requested", subject: "hello/manual__12" },
    { action: "run.trigger_requested", subject: "hello" },
    { action: "dag.paused", subject: "hello" },
    { action: "dag.unpaused", subject: "hello" },
  ]);
  await db.query("delete from inbox");
});

it("notes what was asked for, and of params no more than their names", async () => {
  await db.query("delete from audit_event");
  const params = { "\u0000\ud800": 1, token: "hunter2" };
  await requestTrigger({ ...door, address: "192.0.2.1" }, trigger(params, "noted-key"));
  const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`param-${n}`, n]));
  await requestTrigger(door, trigger(many));
  const { rows } = await db.query<{ detail: string; address: string | null }>(
    "select detail, address from audit_event order by id",
  );
  expect(rows.map(({ detail, address }): unknown => [JSON.parse(detail), address])).toEqual([
    [
      { command: await idOf("noted-key"), asked: { logicalDate: null, params: Object.keys(params) } },
      "192.0.2.1",
    ],
    [{ command: expect.any(Number), asked: null }, null],
  ]);
});

it("pauses at once, and tells the owner once a change", async () => {
  const dagId = DagId.parse("hello");
  const pause = (paused: boolean, idempotencyKey = aKey()) =>
    pauseDag(door, { dagId, paused, idempotencyKey });
  expect(await pause(true, "pause-key")).toEqual({ kind: "changed" });
  expect(await pause(true, "pause-key")).toEqual({ kind: "unchanged" });
  expect(await pause(true)).toEqual({ kind: "unchanged" });
  expect(await countRows(db, "inbox")).toBe(1);
  expect(await pause(false)).toEqual({ kind: "changed" });
  expect(await countRows(db, "inbox")).toBe(2);
  expect((await db.query("select paused from dag where dag_id = 'hello'")).rows).toEqual([{ paused: false }]);
  expect(await pauseDag(door, { dagId: DagId.parse("other"), paused: true, idempotencyKey: aKey() })).toEqual(
    {
      kind: "dag_not_found",
    },
  );
});
