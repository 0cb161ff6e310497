import { z } from "zod";
import type { Statement } from "../../db/sql/statement";
import { DagId } from "../../domain/ids";

/*
 * What the loader has declared so far. The version is the one its owner was told last, be it taken over already or still
 * in the inbox: the owner's flush moves it from there to `current_version`, so that one statement sees it in one place.
 */
const DECLARED = `
  select d.dag_id, d.file, d.active, v.number as version, v.bundle_hash, v.structure_hash, v.lockfile_hash
    from dag d
    left join lateral (
      select coalesce(
        (select (i.payload::json ->> 'version')::int from inbox i
          where i.dag_id = d.dag_id and i.kind = 'version' order by i.id desc limit 1),
        d.current_version) as number
    ) told on true
    left join dag_version v on v.dag_id = d.dag_id and v.number = told.number`;

const row = z
  .object({
    dag_id: DagId,
    file: z.string(),
    active: z.boolean(),
    version: z.int().nullable(),
    bundle_hash: z.string().nullable(),
    structure_hash: z.string().nullable(),
    lockfile_hash: z.string().nullable(),
  })
  .transform((found) => ({
    dagId: found.dag_id,
    file: found.file,
    active: found.active,
    version: found.version,
    bundleHash: found.bundle_hash,
    structureHash: found.structure_hash,
    lockfileHash: found.lockfile_hash,
  }));
export type DeclaredDag = z.infer<typeof row>;

/** Those of a file and those of these ids, wherever they stand. */
export function declaredDags(file: string, dagIds: readonly DagId[]): Statement<DeclaredDag> {
  return {
    name: "declared_dags",
    text: `${DECLARED} where d.file = $1 or d.dag_id = any($2)`,
    values: [file, dagIds],
    row,
  };
}

export function activeDags(): Statement<{ readonly dagId: DagId; readonly file: string }> {
  return {
    name: "active_dags",
    text: "select dag_id, file from dag where active",
    values: [],
    row: z
      .object({ dag_id: DagId, file: z.string() })
      .transform(({ dag_id, file }) => ({ dagId: dag_id, file })),
  };
}

export function filesWithErrors(): Statement<{ readonly file: string }> {
  return {
    name: "files_with_errors",
    text: "select file from import_error",
    values: [],
    row: z.object({ file: z.string() }),
  };
}
