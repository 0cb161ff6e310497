import type { Client } from "pg";
import { beforeAll, expect, inject, it } from "vitest";
import { withDatabase } from "../supervisor/embedded-postgres";
import { createTestDb } from "../testing/test-db";
import { context, dag, runDomain, task, type Pool, type PoolClient } from "./vane";

// The domain, as a team has it: plain functions, the database first. They know nothing of Vane.
const domain = {
  version: "1",
  async addLock(db: Pool, wallet: string, amount = 1): Promise<{ rows: number }> {
    const { rowCount } = await db.query("insert into lock values ($1, $2)", [wallet, amount]);
    return { rows: rowCount ?? 0 };
  },
  async forget(db: Pool): Promise<number> {
    await db.connect();
    const { rows } = await db.query<{ pid: number }>("select pg_backend_pid() as pid");
    return rows[0]?.pid ?? 0;
  },
  async move(tx: PoolClient, wallet: string, fail: boolean): Promise<string> {
    await tx.query("insert into lock values ($1, 1)", [wallet]);
    if (fail) throw new Error("thought better of it");
    const { rows } = await tx.query<{ level: string }>(
      "select current_setting('transaction_isolation') as level",
    );
    return rows[0]?.level ?? "";
  },
  async swallow(tx: PoolClient): Promise<string> {
    await tx.query("insert into lock values ('swallowed', 1)");
    await tx.query("select 1/0").catch(() => undefined);
    return "looks fine";
  },
  async slow(db: Pool): Promise<string> {
    await db.query("select pg_sleep(10)");
    return "slept";
  },
  async application(db: Pool): Promise<string> {
    const { rows } = await db.query<{ name: string }>("select current_setting('application_name') as name");
    return rows[0]?.name ?? "";
  },
};
const load = () => Promise.resolve(domain);

let observer: Client;
let url: string;
beforeAll(async () => {
  observer = await (await createTestDb())();
  await observer.query("create table lock (wallet text primary key, amount int)");
  const { rows } = await observer.query<{ name: string }>("select current_database() as name");
  url = withDatabase(inject("adminUrl"), rows[0]?.name ?? "");
});

async function run<R>(body: () => Promise<R>, id = "postgres_default", at = url) {
  const work = task("work", body as () => Promise<never>);
  const done = await dag({ id: "d" }, () => work()).test({ connections: { [id]: at } });
  const { state, result, error } = done.task("work");
  return { state, result, error: error?.message };
}

const wallets = async () =>
  (await observer.query<{ wallet: string }>("select wallet from lock order by 1")).rows.map(
    ({ wallet }) => wallet,
  );

/** A backend ends a moment after its socket does. */
async function untilAlone() {
  const others =
    "select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
  while ((await observer.query(others)).rowCount !== 0);
}

it("calls the domain's function with a pool from the default connection, and closes it", async () => {
  expect(await run(() => runDomain(load, "addLock", "a", 5))).toEqual({
    state: "success",
    result: { rows: 1 },
  });
  expect(await wallets()).toEqual(["a"]);
  expect(await run(() => runDomain(load, "addLock", "a"))).toMatchObject({
    state: "failed",
    error: expect.stringContaining("duplicate key"),
  });
  await untilAlone();
  expect(await run(() => runDomain(load, "application"))).toMatchObject({ result: "vane d work" });
});

it("is a task of its own, typed by the function", async () => {
  const add = runDomain.using({ connection: "main" }).task({ id: "add", retries: 1 }, load, "addLock");
  const rows = task("rows", (added: { rows: number }) => added.rows);
  const made = dag({ id: "d" }, () => rows(add("b")));
  expect((await made.test({ connections: { main: url } })).task(rows).result).toBe(1);
});

it("closes a client that the function took and never gave back", async () => {
  expect((await run(() => runDomain(load, "forget"))).state).toBe("success");
  await untilAlone();
});

it("commits a transaction, rolls it back on a throw", async () => {
  const inTx = runDomain.using({ transaction: "serializable" });
  expect(await run(() => inTx(load, "move", "kept", false))).toEqual({
    state: "success",
    result: "serializable",
  });
  expect(await run(() => inTx(load, "move", "gone", true))).toMatchObject({
    state: "failed",
    error: "thought better of it",
  });
  expect(await wallets()).toEqual(["a", "b", "kept"]);
});

it("does not call a transaction done that Postgres rolled back", async () => {
  const inTx = runDomain.using({ transaction: true });
  expect(await run(() => inTx(load, "swallow"))).toMatchObject({
    state: "failed",
    error: expect.stringContaining("domain.rolled_back: The transaction was rolled back"),
  });
  expect(await wallets()).not.toContain("swallowed");
});

it("gives statements a time limit", async () => {
  const hasty = runDomain.using({ statementTimeout: "50ms" });
  expect(await run(() => hasty(load, "slow"))).toMatchObject({
    state: "failed",
    error: expect.stringContaining("statement timeout"),
  });
  expect(() => runDomain.using({ statementTimeout: "soon" as never })).toThrow("duration.invalid");
});

it("opens and closes another driver, whatever happens", async () => {
  const said: string[] = [];
  const other = runDomain.using({
    connection: "other",
    open: (c) => ({
      ask: (q: string) => (q === "" ? Promise.reject(new Error("empty")) : Promise.resolve([c.url, q])),
    }),
    close: () => said.push("closed"),
  });
  const asks = () =>
    Promise.resolve({ ask: (db: { ask(q: string): Promise<string[]> }, q: string) => db.ask(q) });
  expect(await run(() => other(asks, "ask", "q"), "other")).toEqual({ state: "success", result: [url, "q"] });
  expect(await run(() => other(asks, "ask", ""), "other")).toMatchObject({ error: "empty" });
  expect(said).toEqual(["closed", "closed"]);
});

it("says what is missing", async () => {
  expect(await run(() => runDomain(load, "typo" as "forget"))).toMatchObject({
    error: expect.stringContaining("exports no function typo. It has: addLock, forget, move,"),
  });
  expect(await run(() => runDomain(load, "addLock", "x"), "elsewhere")).toMatchObject({
    error: expect.stringContaining("The test gave no postgres_default."),
  });
  await expect(runDomain(load, "addLock", "x")).rejects.toThrow(
    "context.outside_task: runDomain() was called",
  );
  const http = task("http", () => runDomain(load, "addLock", context().taskId));
  const done = await dag({ id: "d" }, () => http()).test({
    connections: { postgres_default: "https://x.example" },
  });
  expect(done.task(http).error?.message).toContain("is of kind http; postgres is needed");
});

it.each([
  ["a database that is not there", "/nowhere", /database "nowhere" does not exist/],
  ["a port where nobody listens", "postgres://app@127.0.0.1:1/app", /ECONNREFUSED/],
])("names the connection whose address is wrong: %s", async (_name, address, why) => {
  const wrong = address.startsWith("/") ? Object.assign(new URL(url), { pathname: address }).href : address;
  for (const call of [() => runDomain(load, "addLock", "a"), () => runDomain(load, "forget")]) {
    const { state, error } = await run<unknown>(call, "postgres_default", wrong);
    expect([state, error]).toEqual(["failed", expect.stringMatching(why)]);
    expect(error).toMatch(
      /^The connection postgres_default cannot be used: .*vane connections test postgres_default/,
    );
  }
});
