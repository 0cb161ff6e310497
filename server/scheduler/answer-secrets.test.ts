import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, it } from "vitest";
import { Exec, ProcessId } from "../domain/ids";
import type { FromScheduler } from "../executor/protocol";
import type { WorkerLink } from "../executor/worker-link";
import { silentLog } from "../platform/log";
import { newSecretKey } from "../secrets/key-ring";
import { fakeClock, type FakeClock } from "../testing/fake-clock";
import { answerSecret } from "./answer-secrets";

const EXEC = Exec.parse(crypto.randomUUID());
const WORKER = ProcessId.parse(crypto.randomUUID());
const question = { type: "need_connection", query: 1, exec: EXEC, id: "market" } as const;

type Engine = Parameters<typeof answerSecret>[0];

/** @param ask the database: rows, or a rejection while it is away */
function setup(
  connections: Record<string, string>,
  ask: () => Promise<unknown[]> = () => Promise.resolve([]),
) {
  const clock = fakeClock(new Date(0));
  const sent: FromScheduler[] = [];
  const link = {
    worker: WORKER,
    connected: true,
    send: (message: FromScheduler) => sent.push(message) > 0,
  } as unknown as WorkerLink & { connected: boolean };
  const place = { dag: { dagId: "prices" }, run: { tasks: [{ worker: WORKER, taskId: "load" }] }, at: 0 };
  const engine = {
    ...{ clock, log: silentLog, stopped: false, execs: new Map([[EXEC, place]]), callbackExecs: new Map() },
    checkExecs: new Map(),
    secrets: { keys: [newSecretKey()], environment: { connections, variables: { REGION: "eu" } } },
    session: { query: ask, stop: () => Promise.resolve() },
  } as unknown as Engine & { stopped: boolean; execs: Map<Exec, unknown> };
  return { clock, sent, link, engine, place };
}

it("answers from the environment, without asking the database", async () => {
  const { engine, link, sent } = setup({ MARKET: "https://T0KEN@api.example" }, () =>
    Promise.reject(new Error()),
  );
  await answerSecret(engine, link, question);
  await answerSecret(engine, link, { type: "need_variable", query: 2, exec: EXEC, key: "region" });
  expect(sent).toMatchObject([
    { type: "connection", query: 1, answer: { kind: "http", secrets: { token: "T0KEN" } } },
    { type: "variable", query: 2, answer: { value: "eu" } },
  ]);
});

it.each([
  [
    "market",
    "There is no connection market. Add it with `npx vane connections add market`, or set VANE_CONN_MARKET in",
  ],
  ["my-db.eu", "set VANE_CONN_MY_DB_EU in Vane's environment"],
  ["a b", '"a b" is no name of a connection'],
])("names both ways to define %s", async (id, sentence) => {
  const { engine, link, sent } = setup({});
  await answerSecret(engine, link, { ...question, id });
  expect(sent).toMatchObject([{ answer: { refused: expect.stringContaining(sentence) } }]);
});

it("tells nothing to an attempt that is not current, or runs elsewhere, or ended while the database was asked", async () => {
  const refusal = [{ answer: { refused: expect.stringContaining("not the current one") } }];
  const over = setup({ MARKET: "https://T0KEN@api.example" });
  over.engine.execs.clear();
  await answerSecret(over.engine, over.link, question);
  expect(over.sent).toMatchObject(refusal);

  const elsewhere = setup({ MARKET: "https://T0KEN@api.example" });
  elsewhere.place.run.tasks = [{ worker: ProcessId.parse(crypto.randomUUID()), taskId: "load" }];
  await answerSecret(elsewhere.engine, elsewhere.link, question);
  expect(elsewhere.sent).toMatchObject(refusal);

  const ended = setup({}, () => {
    ended.engine.execs.clear();
    return Promise.resolve([]);
  });
  await answerSecret(ended.engine, ended.link, question);
  expect(ended.sent).toMatchObject(refusal);
});

/** It has asked, was refused, and waits for its alarm. */
async function untilWaiting(clock: FakeClock) {
  while (clock.nextAlarmMs() === undefined) await nextTurn();
}

it("waits while the database is away, with growing pauses, and answers once when it is back", async () => {
  let away = true;
  const ask = () => (away ? Promise.reject(new Error("not connected")) : Promise.resolve([]));
  const { engine, link, sent, clock } = setup({}, ask);
  const answered = answerSecret(engine, link, question);
  const pauses: (number | undefined)[] = [];
  for (let tries = 0; tries < 6; tries++) {
    await untilWaiting(clock);
    const pause = clock.nextAlarmMs();
    pauses.push(pause);
    if (tries === 5) away = false;
    clock.advance(pause ?? 0);
  }
  await answered;
  expect(pauses).toEqual([200, 400, 800, 1_600, 2_000, 2_000]);
  expect(sent).toHaveLength(1);
});

it("notes who was told a connection, after it was told, and minds no note that fails", async () => {
  const asked: unknown[] = [];
  const { engine, link, sent } = setup({ MARKET: "https://T0KEN@api.example" });
  engine.session.query = (statement) => {
    asked.push([statement.name, statement.values, sent.length]);
    return Promise.reject(new Error("not connected"));
  };
  await answerSecret(engine, link, question);
  await answerSecret(engine, link, { type: "need_variable", query: 2, exec: EXEC, key: "region" });
  expect(asked).toEqual([["note_connection_use", ["market", "prices", "load"], 1]]);

  const refused = setup({ MARKET: "nonsense" }, () => Promise.reject(new Error("must not be asked")));
  await answerSecret(refused.engine, refused.link, question);
  expect(refused.sent).toHaveLength(1);
});

it("gives up when the link is gone, over whose next one the worker asks again", async () => {
  const { engine, link, sent, clock } = setup({}, () => Promise.reject(new Error("not connected")));
  const given = answerSecret(engine, link, question);
  await untilWaiting(clock);
  link.connected = false;
  clock.advance(200);
  await given;
  expect(sent).toEqual([]);
});
