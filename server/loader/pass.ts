import path from "node:path";
import type { Clock } from "../platform/clock";
import type { Log } from "../platform/log";
import type { Database } from "./database";
import { discover, type DagFolder } from "./discover";
import { fingerprint, sizeOf, type Fingerprint } from "./fingerprint";
import { inOrder } from "./in-order";
import { claimsOf, needsLoad, retryAt, type KnownFile, type KnownFiles } from "./known-files";
import type { LoadedFile } from "./load-file";
import { readLockfile } from "./lockfile";
import type { Claims } from "./plan-sync";
import type { Inputs } from "./source-plugin";
import { retireDags, syncFile, type SyncCounts } from "./sync-dags";

export interface PassCounts {
  readonly files: number;
  /** Bundled and run in a child: new, written, or with other packages. */
  readonly loaded: number;
  readonly versions: number;
  readonly broken: number;
  readonly retired: number;
}

export interface PassOptions {
  readonly projectFolder: string;
  readonly dagFolders: readonly DagFolder[];
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly load: (file: string) => Promise<{ readonly result: LoadedFile; readonly inputs: Inputs }>;
  /** Folders in which a change may matter. */
  readonly follow: (folders: ReadonlySet<string>) => void;
  /** A file was not finished when it was looked at. */
  readonly lookAgain: () => void;
  readonly stopped: AbortSignal;
}

const AT_ONCE = 2;
const UNSETTLED = "unsettled";

/** One look at all DAG files, which loads what has changed and makes the database say so. */
export function loaderPass(options: PassOptions): () => Promise<PassCounts> {
  const { projectFolder, dagFolders, database, clock, log, stopped } = options;
  const known: KnownFiles = new Map();
  const emptyOnce = new Map<string, Fingerprint>();
  const tsconfig = path.join(projectFolder, "tsconfig.json");
  const shown = (file: string) => path.relative(projectFolder, file).replaceAll(path.sep, "/");
  const names = { shown, absolute: (name: string) => path.resolve(projectFolder, name) };

  async function loadSettled(file: string) {
    const print = await fingerprint(file);
    // Gone again, or just made and not written yet: an empty file would switch its DAGs off.
    if (print === "" || (sizeOf(print) === 0 && emptyOnce.get(file) !== print)) {
      emptyOnce.set(file, print);
      return UNSETTLED;
    }
    emptyOnce.delete(file);
    const { result, inputs } = await options.load(file);
    const config = await fingerprint(tsconfig);
    if (config !== "") inputs.set(tsconfig, config);
    return { result, inputs };
  }

  async function sync(file: string, entry: KnownFile, claims: Claims): Promise<SyncCounts | undefined> {
    const { result, lockfileHash } = entry;
    known.set(file, entry);
    try {
      const input = { file: shown(file), result, lockfileHash, claims, shown };
      const counts = await database.run((client) => syncFile(client, input));
      known.set(file, { ...entry, duplicates: counts.duplicates > 0 });
      report(file, result, counts);
      return counts;
    } catch (error) {
      if (stopped.aborted) throw error;
      known.delete(file); // so that it is loaded and tried again
      log.error({ error, file: shown(file) }, "What a DAG file says could not be stored.");
      return undefined;
    }
  }

  function report(file: string, result: LoadedFile, { versions, error, unstable }: SyncCounts) {
    for (const { dagId, number } of versions) {
      log.info({ dagId, version: number, file: shown(file) }, `DAG ${dagId} is at version ${number}.`);
    }
    if (error !== undefined) log.warn({ file: shown(file) }, error);
    for (const dagId of unstable) {
      const sentence = `DAG ${dagId} comes out otherwise each time ${shown(file)} is loaded: does it depend on time or chance?`;
      log.warn({ dagId, file: shown(file) }, sentence);
    }
    if (result.kind === "failed") return;
    for (const { code, sentence, place } of result.warnings) {
      log.warn({ code }, `${place ? `${shown(place.file)}:${place.line}` : shown(file)}: ${sentence}`);
    }
  }

  function followAll(folders: readonly string[], lockfile: string | undefined) {
    const all = new Set(folders);
    // Until DAG folders are there, their coming is what matters; tsconfig.json stands there, too.
    all.add(projectFolder);
    if (lockfile !== undefined) all.add(path.dirname(lockfile));
    for (const { inputs } of known.values()) {
      for (const [input, print] of inputs) all.add(print === "" ? input : path.dirname(input));
    }
    options.follow(all);
  }

  return async function runOnce() {
    const { files, folders } = await discover(dagFolders);
    const lockfile = await readLockfile(projectFolder);
    const present = new Set(files);
    const vanished = [...known.keys()].filter((file) => !present.has(file));
    for (const file of vanished) known.delete(file);
    followAll(folders, lockfile.file);

    const moment = {
      lockfileHash: lockfile.hash,
      nowMs: clock.monotonicMs(),
      fingerprints: new Map<string, Promise<Fingerprint>>(),
    };
    const changed: string[] = [];
    for (const file of files) if (await needsLoad(known.get(file), moment)) changed.push(file);

    const claims = claimsOf(known, present, names);
    const counts: SyncCounts[] = [];
    let loaded = 0;
    for await (const [file, found] of inOrder(changed, AT_ONCE, loadSettled)) {
      stopped.throwIfAborted();
      if (found === UNSETTLED) {
        options.lookAgain();
        continue;
      }
      loaded += 1;
      const { result, inputs } = found;
      const before = known.get(file);
      const failures = result.kind === "failed" && before?.result.kind === "failed" ? before.failures + 1 : 0;
      const retryAtMs = retryAt(result, failures, clock.monotonicMs());
      const entry = { result, inputs, lockfileHash: lockfile.hash, duplicates: false, failures, retryAtMs };
      const synced = await sync(file, entry, claims);
      if (synced) counts.push(synced);
    }
    if (loaded > 0 || vanished.length > 0) {
      // An id may have come free for a file that has not changed itself.
      for (const [file, entry] of known) {
        if (!entry.duplicates) continue;
        const synced = await sync(file, entry, claims);
        if (synced) counts.push(synced);
      }
      followAll(folders, lockfile.file);
    }
    const isPresent = (name: string) => present.has(names.absolute(name));
    const retired = await database.run((client) => retireDags(client, { claims, isPresent }));
    for (const dagId of retired)
      log.info({ dagId }, `DAG ${dagId} is in no file any more; its history stays.`);

    const versions = counts.reduce((sum, { versions: made }) => sum + made.length, 0);
    const broken = [...known.values()].filter(({ result }) => result.kind === "failed").length;
    return { files: files.length, loaded, versions, broken, retired: retired.length };
  };
}
