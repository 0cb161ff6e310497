import { expect, it } from "vitest";
import { z } from "zod";
import { SerializedDag } from "../domain/serialized-dag";
import { VaneError } from "../platform/errors";
import { insideOf } from "./inside";
import { telegram } from "./notify";
import { chain, dag, task, text, type Dag, type DagOptions } from "./vane";

const fetchLocks = task({ id: "fetch_locks", retries: 3, retryDelay: "30s" }, async (wallet: string) =>
  Promise.resolve([{ id: wallet, amount: 1 }]),
);
const saveLocks = task("save_locks", (locks: { id: string; amount: number }[]) => locks.length);
const notify = task("notify", (count: number, who: string, note?: string) => [count, who, note ?? null]);

const inside = (made: Dag<never>) => {
  const found = insideOf(made);
  if (!found) throw new Error("No DAG.");
  return found;
};
const nodes = (made: Dag<never>) => inside(made).serialized.nodes;

/** What was thrown, and at which line of this file. */
function thrown(body: () => unknown) {
  try {
    body();
  } catch (error) {
    if (!(error instanceof VaneError)) throw error;
    const frame = error.stack?.split("\n").find((line) => /^\s+at /.test(line));
    return { code: error.code, sentence: error.sentence, frame };
  }
  throw new Error("Nothing was thrown.");
}

it("is data that the contract takes, with settings, params and edges", () => {
  const me = { name: "me", link: "https://x.example" };
  const owners: DagOptions<never>["owners"] = ["ops", me];
  const made = dag(
    {
      ...{ id: "sync", schedule: "*/15 * * * *", timezone: "Europe/Berlin", start: "2026-01-01" },
      ...{
        tags: ["aerodrome"],
        owners,
        catchup: { window: "7d" },
      },
      params: z.object({ wallet: z.string().default("0xabc"), who: z.string() }),
      defaults: { lostRetries: 0, timeout: "2m" },
      onFailure: [telegram({ chat: "1" }), () => undefined],
    },
    ({ params }) => {
      notify(saveLocks(fetchLocks(params.wallet)), params.who);
    },
  );
  const { serialized } = inside(made);
  expect(SerializedDag.parse(JSON.parse(JSON.stringify(serialized)))).toEqual(serialized);
  expect(serialized).toMatchObject({
    schedule: { cron: ["*/15 * * * *"] },
    params: { type: "object", required: ["who"], properties: { wallet: { default: "0xabc" } } },
    settings: {
      ...{ timezone: "Europe/Berlin", start: "2025-12-31T23:00:00.000Z", catchup: 7 * 86_400_000 },
      owners: [
        { name: "ops", link: null },
        { name: "me", link: "https://x.example" },
      ],
      onFailure: [
        { notifier: "telegram", options: { connection: "telegram_default", chat: "1" } },
        { fn: 1 },
      ],
    },
    nodes: [
      {
        ...{ id: "fetch_locks", after: [], args: [{ param: ["wallet"] }], parameters: ["wallet"] },
        settings: { retries: 3, retryDelayMs: 30_000, lostRetries: 0, timeoutMs: 120_000 },
      },
      { id: "save_locks", after: ["fetch_locks"], args: [{ ref: "fetch_locks" }] },
      { id: "notify", after: ["save_locks"], args: [{ ref: "save_locks" }, { param: ["who"] }] },
    ],
  });
  const line = serialized.nodes[0]?.line ?? 0;
  expect(thrown(() => fetchLocks("x")).frame).toContain("dag.test.ts");
  expect(line).toBeGreaterThan(30);
});

it("takes handles anywhere inside an input, parts of results, texts and all params", () => {
  const stats = task("stats", () => ({ rows: 3, best: { score: 1 } }));
  const report = task("report", (o: { title: string; rows: number[]; extra?: string }, p?: unknown) => [
    o,
    p,
  ]);
  const made = dag({ id: "parts", params: z.object({ title: z.string() }) }, ({ params }) => {
    const s = stats();
    report(
      { title: text`${"a"} ${params.title}: ${s.at("rows")}${1}!`, rows: [1, s.at("best").at("score")] },
      params,
    );
    report.as("literal")({ title: "x", rows: [1, 2] }, undefined);
    report.as("left_out")({ title: "x", rows: [], extra: undefined as never }, { a: [{}] });
  });
  expect(nodes(made).slice(1)).toMatchObject([
    {
      after: ["stats"],
      args: [
        {
          object: {
            title: { text: ["a ", { param: ["title"] }, ": ", { ref: "stats", path: ["rows"] }, "1!"] },
            rows: { list: [{ lit: 1 }, { ref: "stats", path: ["best", "score"] }] },
          },
        },
        { param: [] },
      ],
    },
    { args: [{ lit: { title: "x", rows: [1, 2] } }] },
    { args: [{ lit: { title: "x", rows: [] } }, { lit: { a: [{}] } }] },
  ]);
});

it("keeps an input that was left out in the middle", () => {
  const some = task("some", (a: number | undefined, b: number) => [a ?? 0, b]);
  const made = dag({ id: "middle" }, () => some(undefined, 1));
  expect(nodes(made)[0]?.args).toEqual([{ none: true }, { lit: 1 }]);
});

it("orders by before, after and chain, without data", () => {
  const step = task("step", () => {});
  const made = dag({ id: "order" }, () => {
    const [a, b, c, d, e] = ["a", "b", "c", "d", "e"].map((id) => step.as(id)());
    if (!a || !b || !c || !d || !e) return;
    a.before(b, c);
    d.after(b, c);
    chain([a, b], [d, e]);
  });
  expect(nodes(made).map(({ id, after }) => [id, after])).toEqual([
    ["a", []],
    ["b", ["a"]],
    ["c", ["a"]],
    ["d", ["a", "b", "c"]],
    ["e", ["a", "b"]],
  ]);
});

it("changes settings and id by with, and leaves the task as it was", () => {
  const told = () => undefined;
  const made = dag({ id: "with" }, () => {
    fetchLocks.with({ id: "other", retries: 1, onFailure: told })("a");
    fetchLocks("b");
  });
  expect(nodes(made).map(({ id, settings }) => [id, settings.retries, settings.retryDelayMs])).toEqual([
    ["other", 1, 30_000],
    ["fetch_locks", 3, 30_000],
  ]);
  const [other] = nodes(made);
  expect(other && inside(made).callback(other.id, "onFailure", 0)).toBe(told);
});

it("finds the function, the retry question and the callbacks behind the data", async () => {
  const told = () => undefined;
  const picky = task(
    { id: "picky", retryIf: (_error, attempt) => (attempt > 2 ? "10m" : false) },
    (n: number) => n + 1,
  );
  const made = inside(dag({ id: "inside", onSuccess: [telegram(), told] }, () => picky(1)));
  const behind = [...made.tasks.values()][0];
  expect(await behind?.run(4)).toBe(5);
  expect([behind?.retryIf?.(null, 1), behind?.retryIf?.(null, 3)]).toEqual([false, 600_000]);
  expect(made.callback(null, "onSuccess", 1)).toBe(told);
  expect(made.callback(null, "onSuccess", 0)).toBeUndefined();
  expect(await picky.run(1)).toBe(2);
});

const any = (value: unknown) => value as never;

// prettier-ignore
it.each<[string, string, string, () => unknown]>([
  ["two nodes with one id", "task.duplicate_id", '.as("save_locks_2")', () => dag({ id: "d" }, () => { saveLocks([]); saveLocks([]); })],
  ["a circle of order", "dag.cycle", "fetch_locks -> save_locks -> fetch_locks", () => dag({ id: "d" }, () => { const a = saveLocks([]); const b = fetchLocks("x"); a.before(b); b.before(a); })],
  ["a task after itself", "dag.cycle", "save_locks -> save_locks", () => dag({ id: "d" }, () => { const a = saveLocks([]); a.before(a); })],
  ["an async body", "dag.async_body", "The body of DAG d is async", () => dag({ id: "d" }, any(async () => { await Promise.reject(new Error("later")); }))],
  ["a DAG in a DAG", "dag.nested", "made in the body of outer", () => dag({ id: "outer" }, () => { dag({ id: "inner" }, () => {}); })],
  ["a handle in a template", "handle.used_as_value", "save_locks has no value", () => dag({ id: "d" }, () => any(`the ${saveLocks([]) as never as string}`))],
  ["a handle as JSON", "handle.used_as_value", "save_locks has no value", () => dag({ id: "d" }, () => any(JSON.stringify({ a: saveLocks([]) })))],
  ["a handle in arithmetic", "handle.used_as_value", "params.n has no value", () => dag({ id: "d", params: z.object({ n: z.number() }) }, ({ params }) => any(Number(params.n) + 1))],
  ["a handle in a loop", "handle.used_as_value", "fetch_locks has no value", () => dag({ id: "d" }, () => any([...(fetchLocks("a") as never)]))],
  ["a task outside of a body", "task.outside_dag", "save_locks was called outside of a dag() body", () => saveLocks([])],
  ["a text outside of a body", "task.outside_dag", "text`...` stands outside", () => text`a`],
  ["a hostile task id", "id.invalid", '"../x" is no id for a task', () => task("../x", () => {})],
  ["a hostile DAG id", "id.invalid", '"🚀" is no id for a DAG', () => dag({ id: "🚀" }, () => {})],
  ["an id of 10 kB", "id.invalid", "at most 200 characters", () => task("x".repeat(10_000), () => {})],
  ["no id at all", "id.invalid", "undefined is no id", () => dag(any({}), () => {})],
  ["an id out of as", "id.invalid", '"a b" is no id', () => saveLocks.as("a b")],
  ["a bad duration", "duration.invalid", 'Task t, retryDelay: "5 minutes" is no duration', () => task({ id: "t", retryDelay: any("5 minutes") }, () => {})],
  ["a duration of nothing", "duration.invalid", '"0s" is no duration', () => dag({ id: "d", timeout: "0s" }, () => {})],
  ["an endless duration", "duration.invalid", 'at most "400d"', () => dag({ id: "d", defaults: { timeout: "401d" } }, () => {})],
  ["a setting that is none", "task.invalid", "Task t: there is no option pool.", () => task(any({ id: "t", pool: "api" }), () => {})],
  ["a DAG option that is none", "dag.invalid", "DAG d: there is no option overlap.", () => dag(any({ id: "d", overlap: "skip" }), () => {})],
  ["half a retry", "task.invalid", "Task t, retries: Invalid input: expected int", () => task({ id: "t", retries: 1.5 }, () => {})],
  ["another rule", "task.invalid", "the only rule is", () => task(any({ id: "t", triggerRule: "all_done" }), () => {})],
  ["no function", "task.invalid", "Task t has no function", () => task("t", any(5))],
  ["a callback that is none", "dag.invalid", "must be telegram() or a function", () => dag({ id: "d", onFailure: any("me") }, () => {})],
  ["an unknown zone", "timezone.unknown", '"Europe/Bärlin"', () => dag({ id: "d", timezone: "Europe/Bärlin" }, () => {})],
  ["an offset as zone", "timezone.unknown", '"+02:00"', () => dag({ id: "d", timezone: "+02:00" }, () => {})],
  ["a day that is none", "dag.invalid", '"2026-02-30" is no date', () => dag({ id: "d", start: "2026-02-30" }, () => {})],
  ["a cron line", "schedule.invalid", 'DAG d, schedule: "0 25 * * *" is no cron line: hours go from 0 to 23.', () => dag({ id: "d", schedule: "0 25 * * *" }, () => {})],
  ["a date in an input", "input.not_json", "Input 1 of t, at rows[0].at: a Date is not JSON", () => dag({ id: "d" }, () => task("t", (x: unknown) => x)({ rows: [{ at: new Date() }] }))],
  ["a task in an input", "input.not_json", "it is a task, not a task's result: call it", () => dag({ id: "d" }, () => saveLocks(any(fetchLocks)))],
  ["__proto__ in an input", "input.not_json", "at __proto__: this key would get lost", () => dag({ id: "d" }, () => task("t", (x: unknown) => x)(JSON.parse('{"__proto__":1}')))],
  ["an endless input", "input.not_json", "nested deeper than 64 levels", () => dag({ id: "d" }, () => { const a: unknown[] = []; a.push(a); task("t", (x: unknown) => x)(a); })],
  ["a handle of another DAG", "handle.other_dag", "comes from DAG one", () => { let kept: unknown; dag({ id: "one" }, () => { kept = saveLocks([]); }); dag({ id: "two" }, () => notify(any(kept), "x")); }],
  ["order across DAGs", "handle.other_dag", "Order holds within one DAG", () => { let kept: unknown; dag({ id: "one" }, () => { kept = saveLocks([]); }); dag({ id: "two" }, () => { fetchLocks("a").after(any(kept)); }); }],
  ["order of a param", "handle.no_order", "Only results of tasks", () => dag({ id: "d", params: z.object({ a: z.string() }) }, ({ params }) => { chain(params.a, fetchLocks("x")); })],
  ["order of a task", "handle.no_order", "Only results of tasks", () => dag({ id: "d" }, () => { chain(any(saveLocks), fetchLocks("x")); })],
])("refuses %s, where it stands", (_what, code, part, body) => {
  const found = thrown(body);
  expect(found).toMatchObject({ code });
  expect(found.sentence).toContain(part);
  expect(found.frame).toContain("dag.test.ts");
});

it("names the line of the call that closes a circle", () => {
  const found = thrown(() =>
    dag({ id: "d" }, () => {
      const a = saveLocks([]);
      const b = notify(a, "x");
      b.before(a);
    }),
  );
  const error = thrown(() => {
    throw Object.assign(new VaneError("dag.cycle", "here"));
  });
  const line = (frame = "") => Number(/:(\d+):\d+\)?$/.exec(frame)?.[1]);
  expect(line(error.frame) - line(found.frame)).toBe(4);
});

it("leaves nothing behind when a body throws", () => {
  expect(() => dag({ id: "d" }, () => any(missing()))).toThrow("missing");
  expect(thrown(() => saveLocks([])).code).toBe("task.outside_dag");
});

function missing(): never {
  throw new Error("missing");
}
