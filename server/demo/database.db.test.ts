import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, expect, inject, it } from "vitest";
import { withDatabase } from "../supervisor/embedded-postgres";
import { prepareDemoDatabase } from "./database";

const vane = `vane_${crypto.randomUUID().slice(0, 8)}`;
const demo = `${vane}_demo`;
const poor = `${vane}_poor`;
const databaseUrl = withDatabase(inject("adminUrl"), vane);
const admin = new Client({ connectionString: inject("adminUrl") });
const prepare = (password: string, url = databaseUrl) =>
  prepareDemoDatabase({ databaseUrl: url, embedded: false, password });

beforeAll(async () => {
  await admin.connect();
  await admin.query(`create database ${vane}`);
  await admin.query(`create role ${poor} login password 'poor'`);
});
beforeEach(async () => {
  await admin.query(`drop database if exists ${demo} with (force)`);
  await admin.query(`drop role if exists ${demo}`);
});
afterAll(async () => {
  for (const name of [demo, vane]) await admin.query(`drop database if exists ${name} with (force)`);
  for (const name of [demo, poor]) await admin.query(`drop role if exists ${name}`);
  await admin.end();
});

async function asked(url: string, sql: string) {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

it("makes a database that its role owns, once, and lets it in again by the same password", async () => {
  const url = await prepare("one");
  await asked(url, "create table mine (n int)");
  expect(await prepare("one")).toBe(url);
  expect(await asked(url, "select current_user, current_database() from mine")).toEqual([]);
});

it("gives the role a new password when the old one is lost, and loses no table", async () => {
  await asked(await prepare("one"), "create table mine (n int)");
  expect(await asked(await prepare("two"), "select count(*)::int n from mine")).toEqual([{ n: 0 }]);
});

it("gives it nothing of Vane's", async () => {
  const db = new Client({ connectionString: databaseUrl });
  await db.connect();
  await db.query("create table connection (secrets text)");
  await db.end();
  const url = await prepare("one");
  await expect(asked(withDatabase(url, vane), "select * from connection")).rejects.toThrow(
    /permission denied/,
  );
  const role =
    "select rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolconnlimit from pg_roles where rolname = current_user";
  expect(await asked(url, role)).toEqual([
    { rolsuper: false, rolcreaterole: false, rolcreatedb: false, rolbypassrls: false, rolconnlimit: 20 },
  ]);
});

it("leaves alone a role and a database of that name that are somebody else's", async () => {
  await admin.query(`create role ${demo} login password 'theirs'`);
  await expect(prepare("one")).rejects.toThrow(/exists and is not Vane's.*VANE_CONN_DEMO_POSTGRES/);
  await admin.query(`drop role ${demo}`);
  await admin.query(`create database ${demo}`);
  await expect(prepare("one")).rejects.toThrow(/belongs to .*VANE_CONN_DEMO_POSTGRES/);
});

it("says what to grant when it may not", async () => {
  const url = new URL(databaseUrl);
  url.username = poor;
  url.password = "poor";
  url.searchParams.delete("host");
  await expect(prepare("one", url.href)).rejects.toThrow(
    /Grant it CREATEDB and CREATEROLE. Or: name a database/,
  );
  await admin.query(`alter role ${poor} createdb createrole`);
  expect(await asked(await prepare("one", url.href), "select current_user u")).toEqual([{ u: demo }]);
});
