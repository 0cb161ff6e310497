import type { Client } from "pg";
import { LOADERS_LOCK } from "../db/sql/loaders-lock";
import { query } from "../db/sql/statement";
import type { DagId } from "../domain/ids";
import { importError, type ImportError } from "./import-error";
import type { LoadedFile } from "./load-file";
import { isUnstable, planSync, type Claims, type Duplicate } from "./plan-sync";
import { activeDags, declaredDags, filesWithErrors, type DeclaredDag } from "./sql/declared-dags";
import { deactivateDags } from "./sql/deactivate-dags";
import { dropImportErrors, putImportError } from "./sql/import-errors";
import { putBundle } from "./sql/put-bundle";
import { putDag } from "./sql/put-dag";
import { putVersion } from "./sql/put-version";

export interface SyncInput {
  /** As it stands in `dag.file` and in sentences: relative to the project. */
  readonly file: string;
  readonly result: LoadedFile;
  readonly lockfileHash: string;
  readonly claims: Claims;
  /** How people write an absolute path. */
  readonly shown: (file: string) => string;
}

export interface SyncCounts {
  readonly versions: readonly { readonly dagId: DagId; readonly number: number }[];
  readonly duplicates: number;
  /** Sentence of the import error, if there is one. */
  readonly error: string | undefined;
  /** DAGs that came out otherwise than the last time, from the same code. */
  readonly unstable: readonly DagId[];
}

/** Makes the database say what a file says now, in one transaction. Done twice it changes nothing the second time. */
export function syncFile(db: Client, input: SyncInput): Promise<SyncCounts> {
  return exclusively(db, async () => {
    const { result, file } = input;
    const ids = result.kind === "loaded" ? result.dags.map(({ id }) => id) : [];
    const declared = await query(db, declaredDags(file, ids));
    return result.kind === "failed"
      ? syncBroken(db, input, result.error, declared)
      : syncLoaded(db, input, result, declared);
  });
}

type Loaded = Extract<LoadedFile, { kind: "loaded" }>;

async function syncLoaded(
  db: Client,
  input: SyncInput,
  { bundle, dags, warnings }: Loaded,
  declared: readonly DeclaredDag[],
): Promise<SyncCounts> {
  const { file, lockfileHash, claims } = input;
  const loaded = { file, bundleHash: bundle.hash, lockfileHash, dags };
  const plan = planSync(loaded, declared, claims);
  const rows = new Map(declared.map((row) => [row.dagId, row]));

  if (plan.version.length > 0) await query(db, putBundle(bundle.hash, bundle.code, bundle.sourceMap));
  for (const { id, pausedOnCreation } of plan.put) await query(db, putDag(id, file, pausedOnCreation));
  const versions: { dagId: DagId; number: number }[] = [];
  for (const { id, structure, structureHash } of plan.version) {
    const version = { dagId: id, bundleHash: bundle.hash, structureHash, structure, lockfileHash };
    for (const { number } of await query(db, putVersion(version))) versions.push({ dagId: id, number });
  }
  const error = plan.duplicates.length > 0 ? duplicateError(plan.duplicates) : undefined;
  const sentence = error ? await writeError(db, input, error, []) : undefined;
  if (!error) await writeWarnings(db, input, warnings, dags);
  const unstable = plan.version.filter((dag) => isUnstable(dag, loaded, rows.get(dag.id)));
  return {
    versions,
    duplicates: plan.duplicates.length,
    error: sentence,
    unstable: unstable.map((dag) => dag.id),
  };
}

/** All of them in one row, where the author of the file looks for what is wrong with it. */
async function writeWarnings(
  db: Client,
  { file, shown }: SyncInput,
  warnings: Loaded["warnings"],
  dags: Loaded["dags"],
): Promise<void> {
  const [first] = warnings;
  if (!first) {
    await query(db, dropImportErrors([file]));
    return;
  }
  const sentences = warnings.map(
    ({ sentence, place }) => `${place ? `${shown(place.file)}:${place.line}` : file}: ${sentence}`,
  );
  const row = importError(first.code, sentences.join("\n"), { place: first.place });
  const { code, what: sentence, place, frame = null, stack = null } = row;
  const { line = null, col = null } = place ?? {};
  const dagIds = dags.map(({ id }) => id);
  await query(
    db,
    putImportError({ file, severity: "warning", code, sentence, line, col, frame, stack, dagIds }),
  );
}

async function syncBroken(
  db: Client,
  input: SyncInput,
  error: ImportError,
  declared: readonly DeclaredDag[],
): Promise<SyncCounts> {
  const kept = declared.filter((row) => row.file === input.file && row.active);
  const sentence = await writeError(db, input, error, kept);
  return { versions: [], duplicates: 0, error: sentence, unstable: [] };
}

async function writeError(
  db: Client,
  { file, shown }: SyncInput,
  error: ImportError,
  kept: readonly DeclaredDag[],
): Promise<string> {
  const { code, what, place, frame = null, stack = null } = error;
  const where = place ? `${shown(place.file)}:${place.line}` : file;
  const sentence = `${where}: ${what}${keeps(kept)}`;
  const { line = null, col = null } = place ?? {};
  const dagIds = kept.map(({ dagId }) => dagId);
  await query(
    db,
    putImportError({ file, severity: "error", code, sentence, line, col, frame, stack, dagIds }),
  );
  return sentence;
}

function keeps(kept: readonly DeclaredDag[]): string {
  const named = [...kept]
    .sort((a, b) => (a.dagId < b.dagId ? -1 : 1))
    .map(({ dagId, version }) => `${kept.length > 1 ? `${dagId} ` : ""}v${version ?? 1}`);
  if (named.length === 0) return "";
  if (named.length === 1) return ` The DAG keeps its last good version (${named.join("")}).`;
  return ` Its DAGs keep their last good versions (${named.join(", ")}).`;
}

function duplicateError(duplicates: readonly Duplicate[]): ImportError {
  const [first] = duplicates;
  const named = duplicates.map(({ dag, holder }) => `"${dag.id}" belongs to ${holder}`).join(", ");
  const sentence = `DAG id taken: ${named}. Give the DAG of this file another id, or delete one of the files.`;
  return importError("dag.duplicate_id", sentence, { place: first?.dag.place });
}

interface RetireInput {
  readonly claims: Claims;
  /** Whether this file, as it stands in the database, is there. */
  readonly isPresent: (file: string) => boolean;
}

/** DAGs that no file defines any more become inactive, and errors of files that are gone go with them. */
export function retireDags(db: Client, { claims, isPresent }: RetireInput): Promise<readonly DagId[]> {
  return exclusively(db, async () => {
    const active = await query(db, activeDags());
    const gone = active.filter(({ dagId, file }) => !claims.holds(file, dagId)).map(({ dagId }) => dagId);
    if (gone.length > 0) await query(db, deactivateDags(gone));
    const files = (await query(db, filesWithErrors()))
      .map(({ file }) => file)
      .filter((file) => !isPresent(file));
    if (files.length > 0) await query(db, dropImportErrors(files));
    return gone;
  });
}

/** Two loaders take turns: what one has read stays true until it has written. */
async function exclusively<T>(db: Client, work: () => Promise<T>): Promise<T> {
  await db.query("begin");
  try {
    await db.query(`select pg_advisory_xact_lock(${LOADERS_LOCK})`);
    const done = await work();
    await db.query("commit");
    return done;
  } catch (error) {
    await db.query("rollback").catch(() => undefined);
    throw error;
  }
}
