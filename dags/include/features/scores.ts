import type { Pool } from "pg";
import { prepareSchema } from "../schema";

/** A point for each token that stays locked for a year from now, and less for less; the longest lock counts four years. */
export async function refreshScores(db: Pool): Promise<{ owners: number }> {
  await prepareSchema(db);
  const { rowCount } = await db.query(
    `insert into score (owner, points)
     select owner, sum(amount * greatest(0, least(4, extract(epoch from unlocks_at - now()) / (365 * 86400))))
     from lock group by owner
     on conflict (owner) do update set points = excluded.points, updated_at = now()`,
  );
  return { owners: rowCount ?? 0 };
}
