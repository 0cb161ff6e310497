import { randomUUID } from "node:crypto";
import { setImmediate as turn } from "node:timers/promises";
import { DatabaseError } from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { connectClient } from "../db/pool";
import { insertProcess, markDead } from "../db/process-row";
import { query, type Statement } from "../db/sql/statement";
import { writeXcoms } from "../db/sql/write-xcoms";
import { ProcessId, RunKey, TaskId } from "../domain/ids";
import { silentLog } from "../platform/log";
import { ownIdentity } from "../platform/process-identity";
import { fakeClock, type FakeClock } from "../testing/fake-clock";
import { faultProxy, type FaultProxy } from "../testing/fault-proxy";
import { signal } from "../testing/signal";
import { NOW } from "../testing/tasks";
import { createTestDb } from "../testing/test-db";
import { flusher, type Flusher } from "./flush";

const connect = await createTestDb();
const db = await connect();
await db.query("create table witness (n int not null check (n > 0))");
await db.query("create table gate (open int not null)");

let id: ProcessId;
let clock: FakeClock;
let proxy: FaultProxy;
let flushing: Flusher;
/** Each time that the flush is to be sent again. */
let again: ReturnType<typeof signal<unknown>>;

beforeEach(async () => {
  id = ProcessId.parse(randomUUID());
  await query(db, insertProcess({ id, kind: "scheduler", identity: ownIdentity() }));
  await db.query("truncate witness, gate, xcom");
  clock = fakeClock(NOW);
  again = signal();
  proxy = await faultProxy(db);
  flushing = flusher({
    ...{ processId: id, clock, onTime: () => undefined },
    connect: () => connectClient(proxy.url, { name: "test", session: { lock_timeout: "50ms" } }),
    log: { ...silentLog, warn: again.send },
  });
});
afterEach(async () => {
  await flushing.stop();
  await proxy.stop();
});

const plain = (n: number): Statement<unknown> => ({
  ...{ name: "test_insert", text: "insert into witness values ($1)", values: [n], row: z.unknown() },
});
/** Is refused, as a row count that is not the expected one, unless there is a row. */
const throughGate: Statement<unknown> = {
  ...{
    name: "test_gate",
    text: "select vane_expect((select count(*) from gate), 1)",
    values: [],
    row: z.unknown(),
  },
};
/** Neither of the two columns, of which one must be there: as bad as a number below 1 in the other table. */
const xcomOf = (n: number) => ({
  ...{ runKey: RunKey.parse(Math.abs(n)), taskId: TaskId.parse("t"), mapIndex: -1, key: "k", bytes: 1 },
  ...{ value: n > 0 ? "1" : null, reference: null },
});
/** The two ways in which a flush travels (ADR 0011). */
const FORMS = [
  { form: "a transaction", end: "commit", insert: (...ns: number[]) => ns.map(plain) },
  { form: "one call", end: "flush", insert: (...ns: number[]) => [writeXcoms(ns.map(xcomOf))] },
];
const written = async () => {
  const rows = await db.query<{ n: number }>(
    "select n from witness union all select run_key from xcom order by 1",
  );
  return rows.rows.map(({ n }) => n);
};
const flushes = async () => (await db.query("select from flush_log where process = $1", [id])).rowCount;

const PAUSE_MS = 1_000;

/** Until it is known what became of the flush: pauses before the next try are over at once, nobody loses patience. */
async function settled<T>(outcome: Promise<T>): Promise<T> {
  let known = false;
  const waiting = outcome.finally(() => {
    known = true;
  });
  const isKnown = () => known;
  while (!isKnown()) {
    if ((clock.nextAlarmMs() ?? Infinity) <= PAUSE_MS) clock.advance(PAUSE_MS);
    await turn();
  }
  return waiting;
}

/** Until Postgres has done what it was sent, whoever hears of it. */
async function untilFlushed(count: number) {
  while ((await flushes()) !== count);
}

it("says what was returned, and when", async () => {
  const one = { name: "test_one", text: "select 1 as one", values: [], row: z.object({ one: z.int() }) };
  expect(await flushing.commit([plain(1), one])).toEqual({ kind: "committed", rows: [[], [{ one: 1 }]] });
  expect(flushing.acknowledgedSeq()).toBe(1);
  expect(await written()).toEqual([1]);
});

it("refuses what never left this process, and nothing else of it happened", async () => {
  const broken = { ...plain(1), values: [{ toJSON: () => 1n }] } as unknown as Statement<unknown>;
  const outcome = await flushing.commit([plain(1), broken]);
  expect(outcome).toMatchObject({ kind: "refused", cause: expect.any(TypeError) });
  expect(await written()).toEqual([]);
  expect(await flushing.commit([plain(2)])).toMatchObject({ kind: "committed" });
});

it("refuses for good: what an old backend still holds finds its seq taken", async () => {
  await flushing.commit([plain(1)]);
  await db.query("insert into gate values (1)");
  proxy.holdRequests();
  const outcome = flushing.commit([plain(2), throughGate]);
  await proxy.untilHeld("commit");
  await db.query("truncate gate");
  proxy.hangUp();
  expect(await settled(outcome)).toMatchObject({ kind: "refused", cause: { code: "VN002" } });
  await db.query("insert into gate values (1)");
  proxy.releaseRequests();
  await untilAlone();
  expect(await written()).toEqual([1]);
});

describe.each(FORMS)("as $form", ({ end, insert }) => {
  it("takes effect once when the reply is lost with the connection", async () => {
    await flushing.commit(insert(1));
    proxy.loseReplies();
    const outcome = flushing.commit(insert(2));
    await untilFlushed(2);
    proxy.hangUp();
    expect(await settled(outcome)).toEqual({ kind: "committed_before" });
    expect(await written()).toEqual([1, 2]);
  });

  it("takes effect once when the flush itself is lost with the connection", async () => {
    await flushing.commit(insert(1));
    proxy.holdRequests();
    const outcome = flushing.commit(insert(2));
    await proxy.untilHeld(end);
    proxy.hangUp();
    expect(await settled(outcome)).toMatchObject({ kind: "committed" });
    expect(await written()).toEqual([1, 2]);
  });

  it("waits for no answer for ever: it asks again over a new connection", async () => {
    await flushing.commit(insert(1));
    proxy.loseReplies();
    const outcome = flushing.commit(insert(2));
    await untilFlushed(2);
    clock.advance(5_000);
    expect(await settled(outcome)).toEqual({ kind: "committed_before" });
    expect(await written()).toEqual([1, 2]);
  });

  it("lets an old backend do nothing when the flush arrives there after all", async () => {
    await flushing.commit(insert(1));
    proxy.holdRequests();
    const outcome = flushing.commit(insert(2));
    await proxy.untilHeld(end);
    proxy.hangUp();
    await settled(outcome);
    await flushing.commit(insert(3));
    proxy.releaseRequests();
    await untilAlone();
    expect(await written()).toEqual([1, 2, 3]);
  });

  it("takes effect once when the old backend is first, too", async () => {
    await flushing.commit(insert(1));
    proxy.holdRequests();
    const outcome = flushing.commit(insert(2));
    await proxy.untilHeld(end);
    proxy.hangUp();
    await again.next();
    proxy.releaseRequests();
    await untilFlushed(2);
    expect(await settled(outcome)).toEqual({ kind: "committed_before" });
    expect(await written()).toEqual([1, 2]);
  });

  it("writes nothing any more when it was declared dead while its flush was on the way", async () => {
    await flushing.commit(insert(1));
    proxy.holdRequests();
    const outcome = flushing.commit(insert(2));
    await proxy.untilHeld(end);
    await query(db, markDead(id, "test"));
    proxy.releaseRequests();
    expect(await settled(outcome)).toEqual({ kind: "deposed" });
    expect(await written()).toEqual([1]);
  });

  it("learns that it is dead although the flush before was done", async () => {
    await flushing.commit(insert(1));
    proxy.loseReplies();
    const outcome = flushing.commit(insert(2));
    await untilFlushed(2);
    await query(db, markDead(id, "test"));
    proxy.hangUp();
    expect(await settled(outcome)).toEqual({ kind: "deposed" });
    expect(await written()).toEqual([1, 2]);
  });

  it("sends the same flush again when the service is in trouble", async () => {
    const blocker = await connect();
    await blocker.query("begin");
    await blocker.query("lock table witness, xcom");
    const outcome = flushing.commit(insert(1));
    const why = await again.next();
    expect(why).toMatchObject({ seq: 1, error: expect.stringContaining("lock timeout") });
    await blocker.query("commit");
    expect(await settled(outcome)).toMatchObject({ kind: "committed" });
    expect(await written()).toEqual([1]);
  });

  it("refuses what the database does not take, and nothing of it happened", async () => {
    const outcome = await flushing.commit(insert(1, -1));
    expect(outcome).toMatchObject({ kind: "refused", cause: expect.any(DatabaseError) });
    expect(await written()).toEqual([]);
    expect(await flushing.commit(insert(2))).toMatchObject({ kind: "committed" });
  });

  it("prepares its statements again where they are gone", async () => {
    const forget = { name: "test_forget", text: "deallocate all", values: [], row: z.unknown() };
    await flushing.commit([...insert(1), forget]);
    expect(await settled(flushing.commit(insert(2)))).toMatchObject({ kind: "committed" });
    expect(await written()).toEqual([1, 2]);
  });
});

/** Until no other backend is at work for this database. */
async function untilAlone() {
  const others = `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
                     and application_name = 'vane test' and state <> 'idle'`;
  do await turn();
  while ((await db.query(others)).rowCount !== 0);
}
