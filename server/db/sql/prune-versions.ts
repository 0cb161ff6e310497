import { z } from "zod";
import { LOADERS_LOCK } from "./loaders-lock";
import type { Statement } from "./statement";

/*
 * Versions that no run is pinned to and no alert names, older than the DAG's current one, which alone new runs are of.
 * Without the loaders' lock one of them may be about to build on the bundle (put-bundle.ts): then it is left for the next
 * time.
 */
const OLD_VERSIONS = `
  select v.dag_id, v.number from dag_version v
    join dag d on d.dag_id = v.dag_id
   where v.created_at < $1 and v.number < d.current_version
     and not exists (select from dag_run r where r.dag_id = v.dag_id and r.version = v.number)
     and not exists (select from outbox o where o.dag_id = v.dag_id and o.version = v.number
                        and o.state in ('pending', 'sending'))`;

const Count = z.object({ count: z.int() });
/** Each is looked for once more among its DAG's runs, by the foreign key. */
const SLICE = 50;

export function pruneVersions(before: Date): Statement<{ count: number }> {
  return {
    name: "prune_versions",
    text: `
      with gone as (
        delete from dag_version where (dag_id, number) in (${OLD_VERSIONS} limit ${SLICE}) returning 1
      )
      select count(*) as count from gone`,
    values: [before.toISOString()],
    row: Count,
  };
}

export function countOldVersions(before: Date): Statement<{ count: number }> {
  return {
    name: "count_old_versions",
    text: `select count(*) as count from (${OLD_VERSIONS}) as versions`,
    values: [before.toISOString()],
    row: Count,
  };
}

export function pruneBundles(before: Date): Statement<{ count: number }> {
  return {
    name: "prune_bundles",
    text: `
      with mine as materialized (
        select pg_try_advisory_xact_lock(${LOADERS_LOCK}) as locked
      ), gone as (
        delete from bundle where (select locked from mine) and hash in (
          select b.hash from bundle b
           where b.created_at < $1 and not exists (select from dag_version v where v.bundle_hash = b.hash)
           limit ${SLICE})
        returning 1
      )
      select count(*) as count from gone`,
    values: [before.toISOString()],
    row: Count,
  };
}
