import type { Pool } from "pg";

/** Two attempts may come first at the same time, and `create ... if not exists` alone does not stand that. */
const SCHEMA = `
  select pg_advisory_xact_lock(hashtext('demo schema'));

  create table if not exists price (
    pool text not null,
    at   timestamptz not null,
    usd  numeric not null check (usd > 0),
    primary key (pool, at)
  );
  create table if not exists lock (
    id         text primary key,
    owner      text not null,
    amount     numeric not null check (amount > 0),
    unlocks_at timestamptz not null
  );
  create table if not exists score (
    owner      text primary key,
    points     numeric not null,
    updated_at timestamptz not null default now()
  );
  create table if not exists hourly_close (
    hour    timestamptz primary key,
    pools   int not null,
    average numeric not null
  );

  -- Takes [{ pool, at, usd }], gives the number of rows. Again with the same rows: the same table. Six hours are kept.
  create or replace function save_prices(rows jsonb) returns int language plpgsql as $$
  declare
    saved int;
  begin
    insert into price (pool, at, usd)
    select pool, at, usd from jsonb_to_recordset(rows) as row (pool text, at timestamptz, usd numeric)
    on conflict (pool, at) do update set usd = excluded.usd;
    get diagnostics saved = row_count;
    delete from price where at < now() - interval '6 hours';
    return saved;
  end $$;
`;

let prepared: Promise<unknown> | undefined;

/** Brings the tables along, so that the example needs nothing else. Yours come by your own migrations. */
export async function prepareSchema(db: Pool): Promise<void> {
  // Once a process: the statements are one transaction, and either all of them are there or none.
  prepared ??= db.query(SCHEMA);
  await prepared.catch((error: unknown) => {
    prepared = undefined;
    throw error;
  });
}
