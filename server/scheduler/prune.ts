/*
 * Takes away what is older than Vane is told to keep, in slices that are short for the database and with rests between
 * them for everybody else. Any number of schedulers may be at it: rows are claimed by their locks, a file that is gone
 * already is nobody's find, and what one has not counted the other has.
 *
 *   runs with tasks, attempts, results --> versions --> bundles --> other rows --> stored results --> logs
 */
import path from "node:path";
import { databaseNow } from "../db/sql/database-now";
import { knownRuns, openRuns } from "../db/sql/known-runs";
import { countBookkeeping, pruneBookkeeping, type Bookkeeping } from "../db/sql/prune-bookkeeping";
import { countOldRuns, pruneRuns } from "../db/sql/prune-runs";
import { countOldVersions, pruneBundles, pruneVersions } from "../db/sql/prune-versions";
import type { Statement } from "../db/sql/statement";
import { cutoffsAt, type Cutoffs, type Retention } from "../domain/retention";
import { pruneLogs } from "../logs/prune-logs";
import type { Pace } from "../platform/pace";
import { pruneObjects } from "./prune-objects";

/** How much went, or would go. */
export interface PruneCounts extends Record<Bookkeeping, number> {
  readonly runs: number;
  readonly versions: number;
  readonly bundles: number;
  /** Runs whose stored results were left. */
  readonly objects: number;
  readonly logs: number;
  readonly logBytes: number;
  /** Why some logs could not be looked at. */
  readonly trouble?: string;
}

interface Dependencies {
  readonly ask: <Row>(statement: Statement<Row>) => Promise<readonly Row[]>;
  /** The `.vane` folder. */
  readonly home: string;
  readonly retention: Retention;
  readonly pace: Pace;
}

export async function prune(dependencies: Dependencies): Promise<PruneCounts> {
  const { ask, retention, pace } = dependencies;
  const cutoffs = await cutoffsNow(ask, retention);

  async function inSlices(slice: () => Promise<number>): Promise<number> {
    for (let sum = 0; ;) {
      await pace();
      const count = await slice();
      if (count === 0) return sum;
      sum += count;
    }
  }
  const rows = (statement: Statement<{ count: number }>) => inSlices(() => countOf(ask, statement));

  const { runs } = cutoffs;
  const counts = {
    runs: runs ? await inSlices(async () => (await ask(pruneRuns(runs))).length) : 0,
    versions: runs ? await rows(pruneVersions(runs.endedBefore)) : 0,
    bundles: runs ? await rows(pruneBundles(runs.endedBefore)) : 0,
  };
  const bookkeeping = await ofEach((kind) => rows(pruneBookkeeping(kind, cutoffs)));
  return { ...counts, ...bookkeeping, ...(await files(dependencies, cutoffs, true)) };
}

/** What `prune` would do now. Bundles and stored results go with what it counts, and are not counted yet. */
export async function previewPrune(dependencies: Dependencies): Promise<PruneCounts> {
  const { ask, retention } = dependencies;
  const cutoffs = await cutoffsNow(ask, retention);
  const { runs } = cutoffs;
  return {
    runs: runs ? await countOf(ask, countOldRuns(runs)) : 0,
    versions: runs ? await countOf(ask, countOldVersions(runs.endedBefore)) : 0,
    bundles: 0,
    ...(await ofEach((kind) => countOf(ask, countBookkeeping(kind, cutoffs)))),
    ...(await files(dependencies, cutoffs, false)),
  };
}

async function files({ ask, home, pace }: Dependencies, { runs, logs }: Cutoffs, remove: boolean) {
  const known = async (keys: Parameters<typeof knownRuns>[0]) =>
    (await ask(knownRuns(keys))).map(({ run_key }) => run_key);
  const objects = runs
    ? await pruneObjects(path.join(home, "objects"), runs.keyBefore, { known, pace }, remove)
    : 0;
  const open = { openRuns: () => ask(openRuns), pace };
  const { files: count, bytes, ...trouble } = await pruneLogs(path.join(home, "logs"), logs, open, remove);
  return { objects, logs: count, logBytes: bytes, ...trouble };
}

/** By the database's clock, which wrote the times that it is compared with. */
async function cutoffsNow(ask: Dependencies["ask"], retention: Retention): Promise<Cutoffs> {
  const [time] = await ask(databaseNow);
  if (!time) throw new Error("The database does not say what time it is.");
  return cutoffsAt(retention, time.now);
}

async function countOf(ask: Dependencies["ask"], statement: Statement<{ count: number }>): Promise<number> {
  const [row] = await ask(statement);
  return row?.count ?? 0;
}

async function ofEach(count: (kind: Bookkeeping) => Promise<number>): Promise<Record<Bookkeeping, number>> {
  return {
    alerts: await count("alerts"),
    commands: await count("commands"),
    inbox: await count("inbox"),
    processes: await count("processes"),
    audit: await count("audit"),
    sessions: await count("sessions"),
    limits: await count("limits"),
    links: await count("links"),
  };
}
