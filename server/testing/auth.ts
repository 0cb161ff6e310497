import type { Client } from "pg";
import { inject } from "vitest";
import { openAuth } from "../auth/auth";
import { authOptions } from "../auth/options";
import { openPool } from "../db/pool";
import { silentLog, type Log } from "../platform/log";
import { withDatabase } from "../supervisor/embedded-postgres";

/** As the web server opens it, on the database of a test. */
export async function startAuth(
  db: Client,
  { setUpToken, log = silentLog }: { setUpToken?: string; log?: Log } = {},
) {
  const url = withDatabase(inject("adminUrl"), db.database ?? "");
  const pool = openPool(url, { name: "test web", max: 10 });
  const options = authOptions(INSTALL_KEY, setUpToken);
  const auth = await openAuth({ ...options, db: pool, publicUrl: "http://127.0.0.1:8080", log });
  return {
    ...{ auth, pool, options },
    stop: async () => {
      await auth.close();
      await pool.end();
    },
  };
}

const INSTALL_KEY = "ab".repeat(32);

/** What a browser sends back of cookies that it was given. */
export const withCookies = (cookies: readonly string[]) =>
  new Headers({ cookie: cookies.map((cookie) => cookie.split(";")[0]).join("; ") });

/** Every row of every table, as text. */
export async function dumpRows(db: Client): Promise<string> {
  const tables = await db.query<{ name: string }>(
    "select format('%I', tablename) as name from pg_tables where schemaname = 'public'",
  );
  const dumps = await Promise.all(
    tables.rows.map(({ name }) => db.query<{ line: string }>(`select t::text as line from ${name} t`)),
  );
  return dumps.flatMap(({ rows }) => rows.map(({ line }) => line)).join("\n");
}
