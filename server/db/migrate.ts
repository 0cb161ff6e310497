import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Client, type Pool } from "pg";
import { z } from "zod";
import { VaneError } from "../platform/errors";
import { withSchemaEngine } from "./schema-engine";

export interface Migration {
  readonly name: string;
  readonly script: string;
}

export type MigrationState =
  | { readonly kind: "current" }
  | { readonly kind: "behind"; readonly missing: readonly string[] }
  /** Made by a newer Vane. */
  | { readonly kind: "newer"; readonly unknown: readonly string[] }
  | { readonly kind: "edited"; readonly name: string };

export async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(
    names
      .sort()
      .map(async (name) => ({ name, script: await readFile(join(folder, name, "migration.sql"), "utf8") })),
  );
}

const Applied = z.object({ migration_name: z.string(), checksum: z.string() });
type Applied = z.infer<typeof Applied>;

const APPLIED = `select migration_name, checksum from _prisma_migrations
                 where finished_at is not null and rolled_back_at is null order by started_at`;

/** One cheap query, so that a start without news does not load the engine. */
export async function migrationState(
  db: Client | Pool,
  migrations: readonly Migration[],
): Promise<MigrationState> {
  const applied = (await hasTable(db)) ? (await db.query(APPLIED)).rows : [];
  return compareMigrations(migrations, z.array(Applied).parse(applied));
}

async function hasTable(db: Client | Pool): Promise<boolean> {
  const found = await db.query("select where to_regclass('_prisma_migrations') is not null");
  return found.rowCount === 1;
}

export function compareMigrations(
  migrations: readonly Migration[],
  applied: readonly Applied[],
): MigrationState {
  const known = new Map(migrations.map(({ name, script }) => [name, script]));
  const unknown = applied.map((row) => row.migration_name).filter((name) => !known.has(name));
  if (unknown.length > 0) return { kind: "newer", unknown };

  const edited = applied.find((row) => row.checksum !== checksum(known.get(row.migration_name) ?? ""));
  if (edited) return { kind: "edited", name: edited.migration_name };

  const done = new Set(applied.map((row) => row.migration_name));
  const missing = migrations.map(({ name }) => name).filter((name) => !done.has(name));
  return missing.length === 0 ? { kind: "current" } : { kind: "behind", missing };
}

/** As Prisma computes it. */
const checksum = (script: string) => createHash("sha256").update(script).digest("hex");

/** To apply SQL the engine needs to know the kind of database, and no model. */
const NO_MODELS = ["schema.prisma", 'datasource db {\n  provider = "postgresql"\n}\n'] as const;

/** Brings a database up to date. Two may do this at once: the engine's lock lets one apply, and the other finds no work. */
export async function applyMigrations(databaseUrl: string, migrations: readonly Migration[]): Promise<void> {
  try {
    await forgetUnfinished(databaseUrl);
    await withSchemaEngine(databaseUrl, [NO_MODELS], (engine) =>
      engine.applyMigrations({
        migrationsList: {
          baseDir: "migrations",
          lockfile: { path: "migration_lock.toml", content: 'provider = "postgresql"\n' },
          shadowDbInitScript: "",
          migrationDirectories: migrations.map(({ name, script }) => ({
            path: name,
            migrationFile: { path: "migration.sql", content: { tag: "ok", value: script } },
          })),
        },
        filters: { externalTables: [], externalEnums: [] },
      }),
    );
  } catch (cause) {
    throw new VaneError("database.unavailable", sentenceFor(cause), { cause });
  }
}

/**
 * A migration is one transaction: what failed or was cut off left nothing but its row, which would bar all others.
 * Waits for the engine's lock, so that a row without an end is nobody's who is still at it.
 */
async function forgetUnfinished(databaseUrl: string) {
  const db = new Client({ connectionString: databaseUrl });
  await db.connect();
  try {
    await db.query("select pg_advisory_lock(72707369)");
    if (!(await hasTable(db))) return;
    await db.query(
      "update _prisma_migrations set rolled_back_at = now() where finished_at is null and rolled_back_at is null",
    );
  } finally {
    await db.end();
  }
}

/** Why a database in this state is left alone. */
export function migrationRefusal(state: MigrationState): VaneError | undefined {
  const refuse = (sentence: string) => new VaneError("database.unavailable", sentence);
  switch (state.kind) {
    case "current":
    case "behind":
      return undefined;
    case "newer":
      return refuse(
        `The database was made by a newer Vane: this one does not know its migration ${state.unknown.join(", ")}. ` +
          "Start that version, or give this one another database.",
      );
    case "edited":
      return refuse(
        `The migration ${state.name} is not the one that was applied to the database. ` +
          "Put its file back as it was; a change of tables is a migration of its own.",
      );
  }
}

/** What the engine throws has a code (P3005, P3018, ...) and a text of several lines. */
function sentenceFor(error: unknown) {
  const message = error instanceof Error ? error.message : String(error);
  const code = z.object({ code: z.string() }).safeParse(error);
  if (code.data?.code === "P3005") {
    return "The database holds tables that are not Vane's. Give Vane a database of its own: create one, and name it in DATABASE_URL.";
  }
  const [, migration] = /migration_name="([^"]+)"/.exec(message) ?? [];
  const [, reason = message] = /ERROR: (.+)/.exec(message) ?? [];
  if (!migration) return `The database could not be migrated: ${firstLine(reason)}`;
  return (
    `The migration ${migration} failed, and nothing of it was done: ${firstLine(reason)}. ` +
    "Remove what was in its way and start again."
  );
}

const firstLine = (text: string) => text.trim().split("\n")[0] ?? "";
