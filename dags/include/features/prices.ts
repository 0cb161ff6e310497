import type { Pool } from "pg";
import { prepareSchema } from "../schema";

/*
 * Code of the product, as its API calls it: the database comes first, and nothing here knows of DAGs.
 */

export interface PoolPrice {
  pool: string;
  /** ISO 8601. */
  at: string;
  usd: number;
}

/** Through the database's own procedure, in one statement whatever the number of rows. */
export async function savePrices(db: Pool, prices: PoolPrice[]): Promise<{ saved: number }> {
  await prepareSchema(db);
  const { rows } = await db.query<{ saved: number }>("select save_prices($1::jsonb) as saved", [
    JSON.stringify(prices),
  ]);
  return { saved: rows[0]?.saved ?? 0 };
}

export interface HourlyClose {
  hour: string;
  pools: number;
  average: number;
}

/** One row an hour; the same hour again replaces it. */
export async function saveClose(db: Pool, { hour, pools, average }: HourlyClose): Promise<{ hours: number }> {
  await prepareSchema(db);
  await db.query(
    `insert into hourly_close (hour, pools, average) values ($1, $2, $3)
     on conflict (hour) do update set pools = excluded.pools, average = excluded.average`,
    [hour, pools, average],
  );
  const { rows } = await db.query<{ hours: number }>("select count(*)::int as hours from hourly_close");
  return { hours: rows[0]?.hours ?? 0 };
}
