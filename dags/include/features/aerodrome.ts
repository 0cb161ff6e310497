import type { Pool } from "pg";
import { prepareSchema } from "../schema";

export interface Lock {
  id: string;
  owner: string;
  amount: number;
  /** ISO 8601. */
  unlocksAt: string;
}

/** Makes the table equal to the list: what is new comes, what is gone goes, and doing it twice changes nothing. */
export async function syncLocks(db: Pool, locks: Lock[]): Promise<{ changed: number; removed: number }> {
  await prepareSchema(db);
  const changed = await db.query(
    `insert into lock (id, owner, amount, unlocks_at)
     select id, owner, amount, "unlocksAt"
     from jsonb_to_recordset($1::jsonb) as row (id text, owner text, amount numeric, "unlocksAt" timestamptz)
     on conflict (id) do update
       set owner = excluded.owner, amount = excluded.amount, unlocks_at = excluded.unlocks_at
       where (lock.owner, lock.amount, lock.unlocks_at) is distinct from
             (excluded.owner, excluded.amount, excluded.unlocks_at)`,
    [JSON.stringify(locks)],
  );
  const removed = await db.query("delete from lock where not (id = any($1))", [locks.map(({ id }) => id)]);
  return { changed: changed.rowCount ?? 0, removed: removed.rowCount ?? 0 };
}
