import type { Client } from "pg";
import { z } from "zod";

const Tables = z.array(z.object({ name: z.string() }));
const Rows = z.array(z.object({ name: z.string(), rows: z.array(z.string()) }));

/** Every row of every table, by the table's name. */
export async function dumpDatabase(db: Client): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = await db.query(
    "select quote_ident(tablename) as name from pg_tables where schemaname = 'public' order by tablename",
  );
  const selects = Tables.parse(found.rows).map(
    ({ name }) => `select '${name}' as name, array(select t::text from ${name} t order by t::text) as rows`,
  );
  const { rows } = await db.query(selects.join(" union all "));
  return new Map(Rows.parse(rows).map((table) => [table.name, table.rows]));
}
