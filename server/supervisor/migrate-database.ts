import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { migrationRefusal, migrationState, readMigrations } from "../db/migrate";
import { connectClient } from "../db/pool";
import { VaneError } from "../platform/errors";
import type { Log } from "../platform/log";

export const MigrateOptions = z.strictObject({ databaseUrl: z.string(), migrations: z.string() });

const OLDEST_POSTGRES = 14;

/** Leaves a database that this code can work with, or says why there is none. */
export async function migrateDatabase(
  options: z.infer<typeof MigrateOptions> & { readonly entry: string },
  log: Log,
): Promise<"current" | "migrated"> {
  const { databaseUrl, migrations, entry } = options;
  const state = await look(databaseUrl, migrations);
  const refusal = migrationRefusal(state);
  if (refusal) throw refusal;
  if (state.kind === "current") return "current";

  const child = spawn(process.execPath, [entry], { stdio: "pipe", env: {} });
  child.stdin.end(JSON.stringify({ databaseUrl, migrations }));
  const [sentence, stack] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const code = child.exitCode ?? (await new Promise<number | null>((resolve) => child.once("exit", resolve)));
  if (code === 0) return "migrated";
  log.error({ stack }, "The migration failed.");
  throw new VaneError("database.unavailable", sentence || `The migration ended with code ${String(code)}.`);
}

async function look(databaseUrl: string, migrations: string) {
  const db = await connectClient(databaseUrl, { name: "supervisor" }).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    const { host } = new URL(databaseUrl);
    throw new VaneError(
      "database.unavailable",
      `The database at ${host} cannot be reached (${why}). Start it, or mend DATABASE_URL.`,
      { cause },
    );
  });
  try {
    const { rows } = await db.query("show server_version_num");
    const [{ server_version_num: version }] = z
      .tuple([z.object({ server_version_num: z.coerce.number() })])
      .parse(rows);
    if (version < OLDEST_POSTGRES * 10_000) {
      throw new VaneError(
        "database.unavailable",
        `The database runs Postgres ${Math.floor(version / 10_000)}; Vane needs ${OLDEST_POSTGRES} or newer. ` +
          "Name a newer one in DATABASE_URL, or leave it out to use the embedded one.",
      );
    }
    return await migrationState(db, await readMigrations(migrations));
  } finally {
    await db.end();
  }
}
