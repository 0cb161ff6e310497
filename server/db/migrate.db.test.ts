import { Client } from "pg";
import { expect, inject, it, onTestFinished } from "vitest";
import { withDatabase } from "../supervisor/embedded-postgres";
import { applyMigrations, migrationState, readMigrations } from "./migrate";

const migrations = await readMigrations("prisma/migrations");
const broken = { name: "9_broken", script: "create table half (id int); select 1 / 0;" };

async function emptyDatabase() {
  const admin = new Client({ connectionString: inject("adminUrl") });
  await admin.connect();
  const name = `vane_migrate_${crypto.randomUUID().slice(0, 8)}`;
  await admin.query(`create database ${name}`);
  const url = withDatabase(inject("adminUrl"), name);
  const db = new Client({ connectionString: url });
  await db.connect();
  onTestFinished(async () => {
    await db.end();
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  });
  return { url, db };
}

it("makes the tables, functions with semicolons included, and then has nothing to do", async () => {
  const { url, db } = await emptyDatabase();
  expect(await migrationState(db, migrations)).toMatchObject({ kind: "behind" });
  await applyMigrations(url, migrations);
  expect(await migrationState(db, migrations)).toEqual({ kind: "current" });
  await expect(db.query("select vane_expect(1, 2)")).rejects.toMatchObject({ code: "VN002" });
});

it("may be started twice at once", async () => {
  const { url, db } = await emptyDatabase();
  await Promise.all([applyMigrations(url, migrations), applyMigrations(url, migrations)]);
  expect(await migrationState(db, migrations)).toEqual({ kind: "current" });
  const { rowCount } = await db.query("select from _prisma_migrations");
  expect(rowCount).toBe(migrations.length);
});

it("leaves nothing of a migration that fails, and says which one and why", async () => {
  const { url, db } = await emptyDatabase();
  await expect(applyMigrations(url, [...migrations, broken])).rejects.toMatchObject({
    sentence: expect.stringMatching(/9_broken.*division by zero/),
  });
  expect(await migrationState(db, [...migrations, broken])).toEqual({
    kind: "behind",
    missing: ["9_broken"],
  });
  await expect(db.query("select from half")).rejects.toMatchObject({ code: "42P01" });

  const mended = { name: "9_broken", script: "create table half (id int);" };
  await applyMigrations(url, [...migrations, mended]);
  expect(await migrationState(db, [...migrations, mended])).toEqual({ kind: "current" });
});

it("does not move into a database with tables of somebody else", async () => {
  const { url, db } = await emptyDatabase();
  await db.query("create table orders (id int)");
  await expect(applyMigrations(url, migrations)).rejects.toMatchObject({
    sentence: expect.stringContaining("a database of its own"),
  });
});
