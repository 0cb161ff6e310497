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
 * Numbers only go up, also when an edit is taken back: the highest is the one that new runs are of. Each word has an inbox
 * row of its own: one that its owner has read and not deleted yet must not swallow the next. The caller holds the loaders'
 * lock, so no other number can come between.
 */
const TEXT = `
  with made as (
    insert into dag_version (dag_id, number, bundle_hash, structure_hash, structure, lockfile_hash, format)
    values ($1, coalesce((select max(number) from dag_version where dag_id = $1), 0) + 1, $2, $3, $4, $5, $6)
    returning number
  ), told as (
    insert into inbox (dag_id, kind, payload, dedupe_key)
    select $1, 'version', json_build_object('version', number)::text, 'version:' || $1 || ':' || gen_random_uuid()
      from made
    returning dag_id
  )
  select number, (select pg_notify('vane_dag', dag_id) from told) as notified from made`;

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
