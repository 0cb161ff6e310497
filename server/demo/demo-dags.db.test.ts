import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import closes from "../../dags/demo/hourly-close";
import locks from "../../dags/demo/locks";
import prices from "../../dags/demo/prices";
import scores from "../../dags/demo/scores";
import { silentLog } from "../platform/log";
import type { Running } from "../platform/running";
import { freePort } from "../supervisor/free-port";
import { withDatabase } from "../supervisor/embedded-postgres";
import { prepareDemoDatabase } from "./database";
import { startDemo } from "./main";

/* The demo's DAGs by `.test()`, with the market and the database that they have in a demo. */

const folder = mkdtempSync(join(tmpdir(), "vane-demo-"));
/** Vane's own, as far as the demo can tell; it holds a table that is none of the demo's business. */
const vane = `vane_${crypto.randomUUID().slice(0, 8)}`;
const admin = new Client({ connectionString: inject("adminUrl") });
let demo: Running;
let connections: { demo_market: string; demo_postgres: string };
let db: Client;

beforeAll(async () => {
  await admin.connect();
  await admin.query(`create database ${vane}`);
  const databaseUrl = withDatabase(inject("adminUrl"), vane);
  const postgres = await prepareDemoDatabase({ databaseUrl, embedded: false, password: "sesame" });
  const port = await freePort();
  demo = await startDemo({ port, folder, token: "1:x", seed: 1, log: silentLog });
  connections = { demo_market: `http://127.0.0.1:${port}`, demo_postgres: postgres };
  db = new Client({ connectionString: postgres });
  await db.connect();
});
afterAll(async () => {
  await db.end();
  await demo.stop();
  for (const name of [vane, `${vane}_demo`]) await admin.query(`drop database ${name} with (force)`);
  await admin.query(`drop role ${vane}_demo`);
  await admin.end();
  rmSync(folder, { recursive: true });
});

const count = async (table: string) => {
  const { rows } = await db.query<{ n: number }>(`select count(*)::int n from ${table}`);
  return rows[0]?.n;
};

it("writes prices through the procedure, and the same ones when a run is repeated", async () => {
  const now = new Date();
  for (const run of [await prices.test({ connections, now }), await prices.test({ connections, now })]) {
    expect(run.state).toBe("success");
    expect(run.task("save_prices").result).toEqual({ saved: 244 });
  }
  expect(await count("price")).toBe(244);
});

it("makes the table of locks equal to the market's, and counts what changed", async () => {
  const first = await locks.test({ connections });
  expect([first.state, first.task("sync_locks").result]).toEqual(["success", { changed: 230, removed: 0 }]);
  await db.query("update lock set amount = 1 where id = 'lock_001'");
  await db.query("insert into lock values ('gone', '0x', 1, now())");
  const second = await locks.test({ connections });
  expect(second.task("sync_locks").result).toEqual({ changed: 1, removed: 1 });
});

it("scores whoever has locks", async () => {
  const run = await scores.test({ connections });
  expect(run.state).toBe("success");
  const { rows } = await db.query<{ n: number }>("select count(distinct owner)::int n from lock");
  expect(run.task("refresh_scores").result).toEqual({ owners: rows[0]?.n });
});

it("closes the hour that the run stands for", async () => {
  const run = await closes.test({ connections, now: "2026-11-25T10:20:00Z" });
  expect(run.task("fetch_close").result).toMatchObject({ hour: "2026-11-25T10:00:00.000Z", pools: 244 });
  expect(run.task("save_close").result).toEqual({ hours: 1 });
});
