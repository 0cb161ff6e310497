import { z } from "zod";
import type { Statement } from "../../db/sql/statement";
import type { DagId } from "../../domain/ids";
import { SERIALIZED_FORMAT } from "../../domain/serialized-dag";

export interface NewVersion {
  readonly dagId: DagId;
  readonly bundleHash: string;
  readonly structureHash: string;
  /** Canonical JSON. */
  readonly structure: string;
  readonly lockfileHash: string;
}

/*
 * A version is its content: an edit that is taken back leads back to the old number. So the number in the inbox row
 * counts, which may be below the highest. Each word has a row of its own: one that its owner has read and not deleted
 * yet must not swallow the next. The caller holds the loaders' lock, so no other number can come between.
 */
const TEXT = `
  with found as (
    select number from dag_version
     where (dag_id, bundle_hash, structure_hash, lockfile_hash) = ($1, $2, $3, $5)
  ), made as (
    insert into dag_version (dag_id, number, bundle_hash, structure_hash, structure, lockfile_hash, format)
    select $1, coalesce((select max(number) from dag_version where dag_id = $1), 0) + 1, $2, $3, $4, $5, $6
     where not exists (select from found)
    returning number
  ), version as (
    select number from found union all select number from made
  ), told as (
    insert into inbox (dag_id, kind, payload, dedupe_key)
    select $1, 'version', json_build_object('version', number)::text, 'version:' || $1 || ':' || gen_random_uuid()
      from version
    returning dag_id
  )
  select number, (select pg_notify('vane_dag', dag_id) from told) as notified from version`;

const row = z.object({ number: z.int() });

export function putVersion(version: NewVersion): Statement<z.infer<typeof row>> {
  const { dagId, bundleHash, structureHash, structure, lockfileHash } = version;
  return {
    name: "put_version",
    text: TEXT,
    values: [dagId, bundleHash, structureHash, structure, lockfileHash, SERIALIZED_FORMAT],
    row,
  };
}
