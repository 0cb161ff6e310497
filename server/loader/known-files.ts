import type { DagId } from "../domain/ids";
import { fingerprint, type Fingerprint } from "./fingerprint";
import type { LoadedFile } from "./load-file";
import type { Claims } from "./plan-sync";
import type { Inputs } from "./source-plugin";

export interface KnownFile {
  readonly result: LoadedFile;
  readonly inputs: Inputs;
  readonly lockfileHash: string;
  /** Lost a DAG id to another file: looked at again when others change. */
  readonly duplicates: boolean;
  /** Since the file was last written: how often it could not be loaded, and when it is tried again. */
  readonly failures: number;
  readonly retryAtMs: number;
}

/** What this loader has in memory about the files that are there; by absolute path. */
export type KnownFiles = Map<string, KnownFile>;

const FIRST_RETRY_MS = 60_000;
const LONGEST_RETRY_MS = 3_600_000;

/**
 * When a file that failed is loaded again without having been written. What the bundler found stays so; a module that
 * is missing may come at any time; what the file did in its child may have had to do with something else.
 */
export function retryAt(result: LoadedFile, failures: number, nowMs: number): number {
  if (result.kind === "loaded") return Infinity;
  switch (result.error.code) {
    case "import.not_found":
      return nowMs;
    case "import.syntax":
    case "import.top_level_await":
    case "import.too_big":
    case "import.nul":
      return Infinity;
    default:
      return nowMs + Math.min(FIRST_RETRY_MS * 2 ** failures, LONGEST_RETRY_MS);
  }
}

interface Moment {
  readonly lockfileHash: string;
  readonly nowMs: number;
  /** Asked once for each path in a pass. */
  readonly fingerprints: Map<string, Promise<Fingerprint>>;
}

/** Whether one of its inputs was written since, or its packages have changed, or it is time to try again. */
export async function needsLoad(known: KnownFile | undefined, moment: Moment): Promise<boolean> {
  if (known?.lockfileHash !== moment.lockfileHash || known.retryAtMs <= moment.nowMs) return true;
  for (const [file, seen] of known.inputs) {
    const now = moment.fingerprints.get(file) ?? fingerprint(file);
    moment.fingerprints.set(file, now);
    if ((await now) !== seen) return true;
  }
  return false;
}

/**
 * @param present the files that are there
 * @param absolute from a path as it stands in the database
 */
export function claimsOf(
  known: KnownFiles,
  present: ReadonlySet<string>,
  names: { readonly absolute: (name: string) => string; readonly shown: (file: string) => string },
): Claims {
  const defines = (file: string, dagId: DagId) => {
    const result = known.get(file)?.result;
    return result?.kind === "loaded" && result.dags.some(({ id }) => id === dagId);
  };
  return {
    holds(name, dagId) {
      const file = names.absolute(name);
      if (!present.has(file)) return false;
      return known.get(file)?.result.kind !== "loaded" || defines(file, dagId);
    },
    lowestFile(dagId) {
      const lowest = [...present].sort().find((file) => defines(file, dagId));
      return lowest && names.shown(lowest);
    },
  };
}
