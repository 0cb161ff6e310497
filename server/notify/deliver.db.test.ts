import { beforeEach, expect, it } from "vitest";
import { claimOutbox } from "../db/sql/claim-outbox";
import { insertOutbox } from "../db/sql/insert-outbox";
import { settleOutbox, type Settled } from "../db/sql/settle-outbox";
import { query } from "../db/sql/statement";
import type { Alert } from "../domain/alerts";
import type { ConnectionFacts } from "../domain/connection";
import { ProcessId, TaskId } from "../domain/ids";
import { silentLog } from "../platform/log";
import { fakeClock } from "../testing/fake-clock";
import { seedDag, seedFailedAttempt, seedRun } from "../testing/seed";
import { signal } from "../testing/signal";
import { createTestDb } from "../testing/test-db";
import { telegramSink, type SinkAnswer } from "../testing/telegram-sink";
import { deliveryService } from "./deliver";
import { telegramChannel } from "./telegram";

const connect = await createTestDb();
const [db, other] = await Promise.all([connect(), connect()]);
await seedDag(db);
const { runKey, dagId } = await seedRun(db, { state: "failed" });
await seedFailedAttempt(db, runKey, "fetch", "no price");

beforeEach(async () => {
  await db.query("truncate outbox");
});

const newOwner = () => ProcessId.parse(crypto.randomUUID());

let alerts = 0;
function anAlert(connection: string, given: Partial<Alert> = {}): Alert {
  alerts += 1;
  return {
    ...{ dedupeKey: `test/${alerts}`, dagId, runKey, version: 1, about: "task", event: "failure" },
    ...{
      list: "onFailure",
      position: 0,
      attempt: { taskId: TaskId.parse("fetch"), mapIndex: -1, attempt: 1 },
    },
    callback: { notifier: "telegram", options: { connection, chat: `@${connection}${alerts}` } },
    happened: { reason: "error", durationMs: null, failed: 1, error: null },
    ...given,
  };
}
const put = (...given: Alert[]) => query(db, insertOutbox(given));

interface Row {
  readonly state: string;
  readonly tries: number;
  readonly repeated: boolean;
  readonly last_error: string | null;
}
const rows = async () =>
  (await db.query<Row & Record<string, unknown>>("select * from outbox order by id")).rows;

/** A triggerer without its loop: a test says when it looks. */
async function aTriggerer(answers: SinkAnswer[] = [], timeoutMs = 5_000) {
  const sink = await telegramSink(answers);
  const clock = fakeClock(new Date());
  const settled = signal<Settled>();
  const facts: ConnectionFacts = {
    ...{ kind: "telegram", url: sink.url, host: null, port: null, login: null, schema: null, extra: {} },
    secrets: { token: "1:s3cret" },
  };
  const connectionOf = (id: string) =>
    Promise.resolve(id === "gone" ? { refused: "There is no connection gone. Add it." } : facts);
  const service = deliveryService({
    ...{ owner: newOwner(), clock, log: silentLog, onPass: () => undefined, onSettled: settled.send },
    ask: (statement) => query(db, statement),
    channels: { telegram: telegramChannel({ publicUrl: "http://vane", connectionOf, timeoutMs }) },
  });
  /** The time of the next try, whatever the service and the row wait for. */
  async function later() {
    await db.query("update outbox set next_at = now() where state = 'pending'");
    clock.advance(600_000);
    return service.runOnce();
  }
  return { sink, service, settled, later };
}

it("writes an alert once, however often it is decided", async () => {
  const alert = anAlert("ops");
  await put(alert);
  await put(alert, anAlert("ops"));
  expect(await rows()).toHaveLength(2);
});

it("gives each alert to one of two that claim at once", async () => {
  await put(...Array.from({ length: 20 }, () => anAlert("ops")));
  const [a, b] = await Promise.all([
    query(db, claimOutbox(newOwner(), "telegram:ops", 20, [])),
    query(other, claimOutbox(newOwner(), "telegram:ops", 20, [])),
  ]);
  const ids = [...a, ...b].map(({ id }) => id);
  expect([ids.length, new Set(ids).size]).toEqual([20, 20]);
});

it("sends what is due with the evidence of the attempt, and marks it sent", async () => {
  await put(anAlert("ops"));
  const { sink, service, settled } = await aTriggerer();
  expect(await service.runOnce()).toEqual({ claimed: 1 });
  expect((await sink.next()).text).toContain(
    "Task: fetch\nAttempt: 1\nError: Error: no price\nDuration: 1s\n",
  );
  await settled.next();
  expect(await rows()).toMatchObject([{ state: "sent", tries: 1, repeated: false, lease_owner: null }]);
  expect(await service.runOnce()).toEqual({ claimed: 0 });
});

it("is at it durably before it sends, and says so when whoever began did not live to mark it", async () => {
  await put(anAlert("ops"));
  const dead = newOwner();
  const [claimed] = await query(db, claimOutbox(dead, "telegram:ops", 1, []));
  expect(await rows()).toMatchObject([{ state: "sending", lease_owner: dead }]);
  const { sink, service, settled } = await aTriggerer();
  expect(await service.runOnce()).toEqual({ claimed: 0 }); // its lease is not over

  await db.query("update outbox set lease_until = now()");
  await service.runOnce();
  expect((await sink.next()).text).toMatch(/This may have been sent before/);
  await settled.next();
  // What the dead one would have said comes too late.
  const late = { state: "pending", delayMs: 0, mayHaveArrived: false, why: null } as const;
  const refused = await query(db, settleOutbox(dead, { id: claimed?.id ?? 0, tries: 1, ...late }));
  expect(refused).toEqual([]);
  expect(await rows()).toMatchObject([{ state: "sent", tries: 2 }]);
});

it("waits as long as it is asked to, and a broken server some seconds", async () => {
  await put(anAlert("ops"));
  const { sink, service, settled, later } = await aTriggerer([
    { status: 429, retryAfter: 77, why: "Too Many Requests" },
    { status: 500, why: "Internal" },
  ]);
  await service.runOnce();
  expect(await settled.next()).toMatchObject({ state: "pending", delayMs: 77_000, mayHaveArrived: false });
  expect(await service.runOnce()).toEqual({ claimed: 0 });
  await later();
  expect(await settled.next()).toMatchObject({ delayMs: 10_000, mayHaveArrived: false });
  await later();
  expect(await settled.next()).toMatchObject({ state: "sent", tries: 3 });
  expect(sink.all.map(({ text }) => text.includes("sent before"))).toEqual([false, false, false]);
});

it("lets a channel that hangs hold up no other, and says that the hung message may have arrived", async () => {
  await put(anAlert("stuck"));
  const { sink, service, settled, later } = await aTriggerer(["hang"], 1_000);
  await service.runOnce();
  expect((await sink.next()).chat).toContain("@stuck");
  await put(anAlert("fine"));
  await service.runOnce();
  expect((await sink.next()).chat).toContain("@fine");
  expect(await settled.next()).toMatchObject({ state: "sent" });
  expect(await settled.next()).toMatchObject({ state: "pending", mayHaveArrived: true });
  await later();
  expect((await sink.next()).text).toMatch(/sent before/);
  await settled.next();
});

it("tries a channel in trouble with one message at a time", async () => {
  await put(...Array.from({ length: 9 }, () => anAlert("ops")));
  const trouble = { status: 502, why: "Bad Gateway" };
  const { service, settled, later } = await aTriggerer([trouble, trouble, trouble, trouble]);
  expect(await service.runOnce()).toEqual({ claimed: 4 });
  for (let at = 0; at < 4; at++) await settled.next();
  expect(await later()).toEqual({ claimed: 1 });
  await settled.next();
  expect(await later()).toEqual({ claimed: 4 });
  for (let at = 0; at < 4; at++) await settled.next();
});

it("keeps an alert until its connection is there, and never shows a token", async () => {
  await put(anAlert("gone"), anAlert("ops"));
  const { service, settled } = await aTriggerer([{ status: 401, why: "Unauthorized: 1:s3cret" }]);
  await service.runOnce();
  await settled.next();
  await settled.next();
  expect(await rows()).toMatchObject([
    { state: "pending", last_error: "There is no connection gone. Add it." },
    { state: "pending", last_error: "Telegram answered 401: Unauthorized: ***" },
  ]);
});

it("gives up after a day, and at once on what this Vane cannot send", async () => {
  const unknown = { notifier: "pigeon", options: {} };
  await put(anAlert("ops"), anAlert("ops", { callback: unknown }));
  await db.query("update outbox set created_at = now() - interval '25 hours'");
  const { service, settled } = await aTriggerer([{ status: 500, why: "Internal" }]);
  await service.runOnce();
  await settled.next();
  await settled.next();
  expect(await rows()).toMatchObject([
    { state: "failed", last_error: "Telegram answered 500: Internal" },
    { state: "failed", last_error: "This Vane has no notifier pigeon." },
  ]);
});
