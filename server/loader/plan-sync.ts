import type { DagId } from "../domain/ids";
import type { LoadedDag } from "./load-file";
import type { DeclaredDag } from "./sql/declared-dags";

/** Which present file defines which DAG, as far as files have been loaded. Files as they stand in `dag.file`. */
export interface Claims {
  /** A broken file holds what it held; one that was not looked at yet, too. */
  holds(file: string, dagId: DagId): boolean;
  lowestFile(dagId: DagId): string | undefined;
}

export interface Duplicate {
  readonly dag: LoadedDag;
  /** The file that keeps the id. */
  readonly holder: string;
}

interface SyncPlan {
  /** New, moved here, or back again: the row is to be written. */
  readonly put: readonly LoadedDag[];
  /** Not what their owners were told last. */
  readonly version: readonly LoadedDag[];
  readonly duplicates: readonly Duplicate[];
}

interface Loaded {
  readonly file: string;
  readonly bundleHash: string;
  readonly lockfileHash: string;
  readonly dags: readonly LoadedDag[];
}

/**
 * What is new about a file that could be loaded. Two files, one id: the one that stands in `dag.file` keeps it, on first
 * sight the lower path wins; a holder that is gone makes it a move.
 */
export function planSync(loaded: Loaded, declared: readonly DeclaredDag[], claims: Claims): SyncPlan {
  const { file, bundleHash, lockfileHash, dags } = loaded;
  const rows = new Map(declared.map((row) => [row.dagId, row]));
  const holderOf = ({ id }: LoadedDag) => {
    const standing = rows.get(id)?.file;
    if (standing !== undefined && (standing === file || claims.holds(standing, id))) return standing;
    return claims.lowestFile(id) ?? file;
  };

  const duplicates = dags
    .map((dag) => ({ dag, holder: holderOf(dag) }))
    .filter(({ holder }) => holder !== file);
  const ours = dags.filter((dag) => !duplicates.some((duplicate) => duplicate.dag === dag));
  return {
    duplicates,
    put: ours.filter(({ id }) => {
      const row = rows.get(id);
      return !row?.active || row.file !== file;
    }),
    version: ours.filter((dag) => {
      const row = rows.get(dag.id);
      return (
        row?.bundleHash !== bundleHash ||
        row.lockfileHash !== lockfileHash ||
        row.structureHash !== dag.structureHash
      );
    }),
  };
}

/** The same code under the same packages, and yet another DAG: it depends on time, chance or something outside. */
export const isUnstable = (dag: LoadedDag, loaded: Loaded, row: DeclaredDag | undefined) =>
  row?.bundleHash === loaded.bundleHash &&
  row.lockfileHash === loaded.lockfileHash &&
  row.structureHash !== dag.structureHash;
