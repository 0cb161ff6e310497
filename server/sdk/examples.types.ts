// Every construct once, as authors write it. Compiled and never run: each @ts-expect-error is an edge that must not
// compile. `tsc -p .` checks it against the sources, declarations.system.test.ts under nodenext against what is built.

/* eslint-disable @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-return,
   @typescript-eslint/restrict-plus-operands -- what must not compile has no type that a rule could trust */

import {
  chain,
  context,
  dag,
  Fail,
  mock,
  Retry,
  runDomain,
  Skip,
  task,
  text,
  type Dag,
  type DagOptions,
  type Handle,
  type Pool,
  type PoolClient,
  type Task,
  type TaskSettings,
} from "vane";
import { telegram } from "vane/notify";
import { z } from "zod";

interface Lock {
  id: string;
  amount: number;
}

// ---- 1 a call is an edge; params are handles; callbacks
const fetchLocks = task(
  {
    id: "fetch_locks",
    retries: 3,
    retryDelay: "30s",
    retryBackoff: 2,
    maxRetryDelay: "10m",
    timeout: "1.5h",
  },
  async (wallet: string): Promise<Lock[]> => Promise.resolve([{ id: wallet, amount: 1 }]),
);
const saveLocks = task("save_locks", async (locks: Lock[]) => Promise.resolve(locks.length));
const notify = task("notify", (count: number, who: string) => {
  context().log.info(`${who}: ${count}`, { count });
});
export const first = dag(
  {
    id: "veaero_lock_sync",
    schedule: "*/15 * * * *",
    timezone: "Europe/Berlin",
    start: "2026-01-01",
    catchup: { window: "7d" },
    tags: ["aerodrome"],
    defaults: { retries: 1, lostRetries: 0 },
    onFailure: [
      telegram({ chat: "1" }),
      (happened) => {
        console.log(happened.error?.message);
      },
    ],
    params: z.object({ wallet: z.string().default("0xabc"), who: z.string() }),
  },
  ({ params }) => {
    notify(saveLocks(fetchLocks(params.wallet)), params.who);
  },
);

dag({ id: "wrong" }, ({ params }) => {
  // @ts-expect-error a number is not a list of locks
  saveLocks(notify(1, "a"));
  // @ts-expect-error text is wanted
  fetchLocks(5);
  const n = saveLocks(fetchLocks("0x"));
  // @ts-expect-error a count is not a wallet
  fetchLocks(n);
  // @ts-expect-error this DAG has no params
  fetchLocks(params.wallet);
  // @ts-expect-error a task is not a handle: the call is missing
  saveLocks(fetchLocks);
  // @ts-expect-error an input too few
  notify(n);
});
// @ts-expect-error a body that builds the graph must not be async
dag({ id: "async" }, async () => Promise.resolve(saveLocks([])));
// @ts-expect-error no such setting in this version
task({ id: "t", pool: "api" }, () => 1);
// @ts-expect-error no such rule in this version
task({ id: "t", triggerRule: "all_done" }, () => 1);
// @ts-expect-error a duration needs a unit
task({ id: "t", timeout: "30" }, () => 1);
// @ts-expect-error no such option in this version
dag({ id: "d", overlap: "skip" }, () => 1);
// @ts-expect-error a setting of tasks
dag({ id: "d", retries: 3 }, () => 1);
// @ts-expect-error ids are of one task
export const defaults: TaskSettings = { id: "x" };
// @ts-expect-error a text is no notifier
export const wrongCallback: DagOptions<never>["onFailure"] = "me";

// ---- 2 results and parameters are JSON
interface Money {
  readonly cents: number;
  plus(other: Money): Money;
}
declare const money: Money;
interface Tree {
  value: number;
  kids: Tree[];
}
task("tree", (tree: Tree): Tree => tree);
task("nothing", () => undefined);
task("any", () => JSON.parse("1") as unknown);
task("optional", (): { a?: number; b: string | null } => ({ b: null }));
// @ts-expect-error a Date arrives as text
task("date", () => new Date());
// @ts-expect-error nor deep inside a result
task("deep", async () => Promise.resolve({ rows: [{ at: new Date() }] }));
// @ts-expect-error a Map arrives as {}
task("map", () => new Map<string, number>());
// @ts-expect-error bigint throws
task("big", () => 10n);
// @ts-expect-error a class instance loses its methods
task("money", () => money);
// @ts-expect-error undefined in a list becomes null
task("hole", () => [1, undefined]);
// @ts-expect-error a function is no result
task("later", () => () => 1);
// @ts-expect-error no task can be given a Date
task("takes_date", (date: Date) => date.getTime());

const size = task("size", (n: number) => n);
// A factory over any schema: its return type is stated, the inner function returns any.
function parsed<S extends z.ZodType>(id: string, schema: S): Task<[text: string], z.output<S>> {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  return task(id, (written: string): Promise<any> => Promise.resolve(schema.parse(JSON.parse(written))));
}
const parsePoint = parsed("point", z.object({ x: z.number() }));
const pair = task("pair", (): [string, number] => ["a", 1]);
dag({ id: "factory" }, () => {
  size(parsePoint("{}").at("x"));
  size(pair().at(1));
  // @ts-expect-error the first of the pair is text
  size(pair().at(0));
});

// ---- 3 values with handles anywhere inside; parts of values; templates
const stats = task("stats", (): { rows: number; file: string; best?: { score: number } } => ({
  rows: 3,
  file: "x",
}));
const report = task("report", (o: { title: string; rows: number; locks: Lock[] }) => o.title);
const sum = task("sum", (numbers: number[]) => numbers.reduce((a, b) => a + b, 0));
const maybe = task("maybe", (n?: number) => n ?? 0);
const lock = z.object({ id: z.string(), amount: z.number() });
const reportParams = z.object({ title: z.string(), rows: z.number(), locks: z.array(lock).default([]) });
export const parts = dag({ id: "parts", params: reportParams }, ({ params }) => {
  const s = stats();
  const title = text`report ${params.title} of ${s.at("rows")}`;
  const a = report({ title, rows: s.at("rows"), locks: [{ id: s.at("file"), amount: 1 }] });
  report.as("report_all")(params); // all params at once
  sum([size(s.at("rows")), 3, saveLocks(fetchLocks.as("fetch_b")("b"))]);
  maybe(s.at("best").at("score"));
  maybe();
  // @ts-expect-error best may be missing, so its score may be
  size(s.at("best").at("score"));
  // @ts-expect-error a file name is not a number
  size(s.at("file"));
  // @ts-expect-error methods are no part of a value
  a.at("length");
  // @ts-expect-error the inner field is a number
  report({ title: "x", rows: "3", locks: [] });
  // @ts-expect-error may be past the end
  report({ title: "x", rows: 1, locks: [params.locks.at(0)] });
  // @ts-expect-error a handle has no value here
  size(s.at("rows") + 1);
});

// ---- 4 order without data; other settings and ids
export const ordered = dag({ id: "ordered", schedule: "@daily" }, () => {
  const start = stats();
  const end = sum([1]);
  chain(start, [maybe(1), maybe.as("maybe_2")(2)], end);
  start.before(end);
  saveLocks
    .with({ id: "patient", retries: 9, isolation: "process", onRetry: telegram() })([])
    .after(end, start);
  // @ts-expect-error a task that is not called has no place in the order
  chain(start, saveLocks);
});

// ---- 5 params are plain JSON
const Params = z.object({
  chain: z.enum(["base", "op"]),
  from: z.iso.date().optional(),
  days: z.number().default(1),
});
export const typed = dag({ id: "typed", params: Params }, ({ params }) => {
  maybe(params.days);
  // @ts-expect-error no such param
  maybe(params.day);
});
// @ts-expect-error dates in params are text: z.iso.date()
dag({ id: "pd", params: z.object({ from: z.coerce.date() }) }, () => 1);
// @ts-expect-error no transforms in params
dag({ id: "pt", params: z.object({ n: z.string().transform((s) => s.length) }) }, () => 1);

// ---- 6 the running task: context, signals, retries by error
export const window = task(
  {
    id: "window",
    retries: 5,
    retryIf: (error, n) => (error instanceof TypeError ? false : n > 3 ? "10m" : true),
  },
  async () => {
    const c = context(Params);
    const { start, end } = c.dataInterval;
    if (c.runType === "backfill" && c.params.days > 30) throw new Skip("too far back");
    const market = await c.connection("market", "http");
    const kind: "http" = market.kind;
    const url = `${market.url}/${c.params.chain}?from=${start.toISOString()}&to=${end.toISOString()}`;
    const answer = await fetch(url, {
      signal: c.signal,
      headers: { "idempotency-key": c.key, token: market.secret() },
    });
    if (answer.status === 429) throw new Retry("slow down", { after: "30s", free: true });
    if (answer.status === 400) throw new Fail("bad request");
    await c.push("region", await c.variable("region"));
    // @ts-expect-error no such param
    c.log.info(String(c.params.chian));
    // @ts-expect-error no such kind in this version
    void c.connection("x", "mysql");
    // @ts-expect-error what is pushed is JSON
    void c.push("at", new Date());
    return { kind, logical: c.logicalDate?.toISOString() ?? null };
  },
);
// @ts-expect-error when again?
export const endless = () => new Retry("later", {});

// ---- 7 a factory: many DAGs from one array, in one file
export const perChain = (["base", "op", "arb"] as const).map((name, i) =>
  dag({ id: `price_${name}`, schedule: `${i * 5} * * * *`, onFailure: telegram({ chat: name }) }, () => {
    for (const wallet of ["a", "b"]) saveLocks.as(`save_${wallet}`)(fetchLocks.as(`fetch_${wallet}`)(wallet));
  }),
);

// ---- 8 the domain bridge: plain functions, the database first
const features = () =>
  Promise.resolve({
    version: "1",
    syncLock: async (db: Pool, wallet: string) => ({
      rows: (await db.query("select $1", [wallet])).rowCount ?? 0,
    }),
    move: async (tx: PoolClient, from: string, to: string) => {
      await tx.query("savepoint a");
      return { moved: from === to ? 0 : 1 };
    },
    lastSeen: (db: Pool, wallet: string) => Promise.resolve(new Date(db.totalCount + wallet.length)),
    minimal: async (db: { query(q: string): Promise<unknown> }, n?: number) => {
      await db.query("select 1");
      return n ?? 0;
    },
    noDatabase: (wallet: string) => Promise.resolve(wallet.length),
    otherDriver: async (sql: { unsafe(q: string): Promise<unknown[]> }, day: string) =>
      (await sql.unsafe(day)).length,
  });
const rows = task("rows", (r: { rows: number }) => r.rows);
const sync = runDomain.task({ id: "sync", retries: 2 }, features, "syncLock"); // one line for the commonest DAG
const sync2 = task("sync2", async (wallet: string) => runDomain(features, "syncLock", wallet));
const inTx = runDomain.using({
  connection: "warehouse",
  transaction: "serializable",
  statementTimeout: "30s",
});
const moveAll = task("move", async (a: string, b: string) => (await inTx(features, "move", a, b)).moved);
const porsager = runDomain.using({
  connection: "main",
  open: (c) => ({ unsafe: (q: string) => Promise.resolve([c.url, q]) }),
});
export const bridge = dag({ id: "bridge" }, () => {
  rows(sync("0xabc"));
  rows.as("rows2")(sync2("b"));
  moveAll("a", "b");
});
void runDomain(features, "minimal");
void porsager(features, "otherDriver", "2026-01-01");
// @ts-expect-error wrong argument
void runDomain(features, "syncLock", 5);
// @ts-expect-error not a function
void runDomain(features, "version");
// @ts-expect-error takes no database: call it yourself
void runDomain(features, "noDatabase", "x");
// @ts-expect-error wants a client of a transaction
void runDomain(features, "move", "a", "b");
// @ts-expect-error wants another driver
void runDomain(features, "otherDriver", "x");
dag({ id: "seen" }, () => {
  // @ts-expect-error its result is a Date, so it is no task's result
  report({ title: runDomain.task("seen", features, "lastSeen")("x"), rows: 1, locks: [] });
});

// ---- 9 the test kit
export async function test() {
  const run = await first.test({
    params: { wallet: "0x1", who: "me" },
    now: "2026-01-01T00:00Z",
    mocks: [mock(fetchLocks, (wallet) => [{ id: wallet, amount: 2 }])],
    connections: { main: "postgres://localhost/app" },
  });
  const n: number | undefined = run.task(saveLocks).result;
  const state: "success" | "failed" = run.state;
  const locks: Lock[] = await fetchLocks.run("0x");
  await ordered.test();
  // @ts-expect-error no such param
  await first.test({ params: { walet: "0x1", who: "x" } });
  // @ts-expect-error who has no default
  await first.test();
  // @ts-expect-error nor among other options
  await first.test({ now: "2026-01-01" });
  mock(fetchLocks, () => []);
  mock(fetchLocks, async () => Promise.resolve([{ id: "1", amount: 2 }]));
  mock(notify, (count) => void count.toFixed());
  mock(notify, () => {
    throw new Error("no network");
  });
  // @ts-expect-error a mock returns what the task returns
  mock(fetchLocks, () => [1]);
  // @ts-expect-error the task gives a string
  mock(fetchLocks, (wallet: number) => [{ id: "1", amount: wallet }]);
  // @ts-expect-error there is no second input
  mock(fetchLocks, (wallet, chain) => [{ id: wallet, amount: chain }]);
  // @ts-expect-error the result has its type
  const wrong: string | undefined = run.task(saveLocks).result;
  return [n, state, locks, wrong, run.task("notify").attempts];
}

export const all: readonly Dag<never>[] = [];
export const anyHandle = (handle: Handle<Lock[]>): Handle<unknown> => handle;
