import { expect, it } from "vitest";
import { z } from "zod";
import { telegram } from "./notify";
import { context, dag, Fail, mock, Retry, Skip, task } from "./vane";

const fetchLocks = task({ id: "fetch_locks", retries: 3 }, async (wallet: string) =>
  Promise.resolve([{ id: wallet, amount: 1 }]),
);
const count = task("count", (locks: { amount: number }[]) =>
  locks.reduce((sum, { amount }) => sum + amount, 0),
);
const tell = task("tell", (n: number, who: string) => {
  context().log.info(`${who}: ${n}`, { n });
});
const sync = dag(
  { id: "sync", params: z.object({ wallet: z.string().default("0x"), who: z.string() }) },
  ({ params }) => {
    tell(count(fetchLocks(params.wallet)), params.who);
  },
);

it("runs a DAG in memory, with defaults of params and typed results", async () => {
  const run = await sync.test({ params: { who: "me" } });
  expect(run.state).toBe("success");
  const locks: { id: string; amount: number }[] | undefined = run.task(fetchLocks).result;
  expect(locks).toEqual([{ id: "0x", amount: 1 }]);
  expect(run.task("tell")).toEqual({
    state: "success",
    result: undefined,
    attempts: 1,
    log: ['me: 1 {"n":1}'],
  });
  expect(() => run.task("nope")).toThrow("The DAG has no task nope. It has: fetch_locks, count, tell.");
});

it("puts mocks in the place of functions", async () => {
  const run = await sync.test({
    params: { who: "me" },
    mocks: [
      mock(fetchLocks, (wallet) => [
        { id: wallet, amount: 20 },
        { id: "b", amount: 22 },
      ]),
    ],
  });
  expect(run.task(count).result).toBe(42);
});

it("refuses params that do not fit, refinements included", async () => {
  await expect(sync.test({ params: { who: 5 as never } })).rejects.toThrow(
    "params.invalid: The test of sync gave params.who",
  );
  const even = dag(
    { id: "even", params: z.object({ n: z.number().refine((n) => n % 2 === 0, "must be even") }) },
    () => {},
  );
  await expect(even.test({ params: { n: 1 } })).rejects.toThrow("params.n: must be even");
  expect((await even.test({ params: { n: 2 } })).state).toBe("success");
});

it("retries by the fake clock: delay, backoff and cap, and tells each retry", async () => {
  const seen: number[] = [];
  const flaky = task(
    {
      id: "flaky",
      retries: 3,
      retryDelay: "10m",
      retryBackoff: 4,
      maxRetryDelay: "1h",
      onRetry: telegram(),
      onSuccess: telegram(),
    },
    () => {
      seen.push(context().attempt);
      if (seen.length < 4) throw new Error(`no ${seen.length}`);
      return "done";
    },
  );
  const made = dag({ id: "flaky" }, () => flaky());
  const run = await made.test({ now: "2026-01-01T00:00:00Z" });
  expect(seen).toEqual([1, 2, 3, 4]);
  expect(run.task(flaky)).toMatchObject({
    state: "success",
    attempts: 4,
    result: "done",
    error: { message: "no 3" },
  });
  expect(run.callbacks.map(({ event, attempt, error }) => [event, attempt, error?.message])).toEqual([
    ["retry", 1, "no 1"],
    ["retry", 2, "no 2"],
    ["retry", 3, "no 3"],
    ["success", 4, undefined],
  ]);
});

it("tells one failure of a DAG, by its first failed task, and stops what comes after", async () => {
  const told = () => undefined;
  const fails = task({ id: "fails", retries: 5, onFailure: [told, telegram()] }, (): number => {
    throw new Fail("bad request");
  });
  const after = task("after", (n: number) => n);
  const free = task("free", () => 1);
  const made = dag({ id: "fails", onFailure: telegram() }, () => {
    after(fails());
    free();
  });
  const run = await made.test();
  expect(run.state).toBe("failed");
  expect([run.task(fails), run.task(after), run.task(free)]).toMatchObject([
    { state: "failed", attempts: 1, error: { message: "bad request" } },
    { state: "upstream_failed", attempts: 0 },
    { state: "success" },
  ]);
  expect(run.callbacks).toMatchObject([
    { event: "failure", taskId: "fails", error: { message: "bad request" } },
    { event: "failure", taskId: "fails" },
    { event: "failure", dagId: "fails", taskId: "fails", error: { message: "bad request" } },
  ]);
});

it("skips, waits as long as Retry asks, and asks retryIf", async () => {
  const skips = task("skips", (): number => {
    throw new Skip("nothing to do");
  });
  const after = task("after", (n: number) => n);
  let asked = 0;
  const busy = task("busy", () => {
    asked += 1;
    if (asked < 3) throw new Retry("slow down", { after: "30s", free: true });
    return context().attempt;
  });
  const picky = task({ id: "picky", retries: 9, retryIf: (error) => !(error instanceof TypeError) }, () => {
    throw context().attempt < 3 ? new Error("again") : new TypeError("never");
  });
  const made = dag({ id: "signals" }, () => {
    after(skips());
    busy();
    picky();
  });
  const run = await made.test();
  expect([run.task(skips).state, run.task(after).state]).toEqual(["skipped", "skipped"]);
  expect(run.task(busy)).toMatchObject({ state: "success", result: 3, attempts: 3 });
  expect(run.task(picky)).toMatchObject({ state: "failed", attempts: 3, error: { message: "never" } });
});

it("has connections and variables of the test, and a failed task where one is missing", async () => {
  const facts = task("facts", async () => {
    const c = context();
    const main = await c.connection("main");
    const { kind, host, port, login, schema, extra } = main;
    return {
      kind,
      host,
      port,
      login,
      schema,
      extra,
      password: main.secret(),
      region: await c.variable("region"),
    };
  });
  const made = dag({ id: "facts" }, () => facts());
  const given = {
    connections: { main: "postgres://me:p%40ss@db.local:5433/app?sslmode=off" },
    variables: { region: "eu" },
  };
  expect((await made.test(given)).task(facts).result).toEqual({
    ...{
      kind: "postgres",
      host: "db.local",
      port: 5433,
      login: "me",
      schema: "app",
      extra: { sslmode: "off" },
    },
    ...{ password: "p@ss", region: "eu" },
  });
  expect((await made.test({ connections: given.connections })).task(facts).error?.message).toContain(
    'The test gave no region. Add it: .test({ variables: { region: "..." } }).',
  );
});

it("fails a task whose result is not JSON, and one that throws null", async () => {
  const bad = task("bad", (): unknown => new Map());
  const nothing = task("nothing", () => {
    throw null as unknown as Error;
  });
  const run = await dag({ id: "bad" }, () => {
    bad();
    nothing();
  }).test();
  expect(run.task(bad).error?.message).toContain(
    "result.not_json: The result of bad is not JSON: a Map or Set",
  );
  expect(run.task(nothing).error?.message).toBe("null was thrown, which is no Error.");
});

it("is a run by hand: its interval is the last complete one", async () => {
  const when = task("when", () => {
    const { logicalDate, dataInterval, runAfter } = context();
    return {
      logicalDate: logicalDate?.toISOString() ?? null,
      at: [dataInterval.start, dataInterval.end, runAfter].map((date) => date.toISOString()),
    };
  });
  const body = () => void (when as () => unknown)();
  const scheduled = dag({ id: "scheduled", schedule: "@daily" }, body);
  const unscheduled = dag({ id: "by_hand" }, body);
  const now = "2026-03-05T06:00:00.000Z";
  expect((await scheduled.test({ now })).task("when").result).toMatchObject({
    logicalDate: null,
    at: ["2026-03-04T00:00:00.000Z", "2026-03-05T00:00:00.000Z", now],
  });
  expect((await unscheduled.test({ now })).task("when").result).toMatchObject({ at: [now, now, now] });
});
