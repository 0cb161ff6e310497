import { groupBy } from "../platform/group-by";
import type { DagId } from "../domain/ids";
import type { Claimed } from "../db/sql/claim-dags";
import { loadDags, loadOpenRuns, loadOpenTasks, loadVersions } from "../db/sql/load-dags";
import { quarantineDag } from "../db/sql/quarantine-dag";
import { UnreadableRow } from "../db/sql/statement";
import { watchLoadedRun } from "./apply";
import type { Engine } from "./engine";
import { runOf } from "./gather";
import { dagOfInput, liveExecs } from "./live-execs";
import { addRun, addVersion, ownedDag, type OwnedDag } from "./owned";
import { persistently } from "./persistently";

/** DAGs that are read at once: thousands must not hold up the loop (ENGINE section 2.4). */
export const SLICE = 50;

/**
 * Reads claimed DAGs in transactions begun after the claim; one that is no longer held as claimed is dropped, and one that
 * cannot be read is quarantined: the others do not notice (I8).
 */
export async function load(engine: Engine, claimed: readonly Claimed[]): Promise<void> {
  if (claimed.length === 0) return;
  for (let at = 0; at < claimed.length; at += SLICE) await loadSlice(engine, claimed.slice(at, at + SLICE));
  recount(engine);
  for (const link of engine.executor.links()) engine.uncertain.add(link);
}

async function loadSlice(engine: Engine, claimed: readonly Claimed[]): Promise<void> {
  try {
    const adopt = await persistently(engine, () => readDags(engine, claimed));
    for (const one of claimed) await adoptOrGiveUp(engine, one, adopt);
  } catch (error) {
    const [first, ...others] = claimed;
    if (!(error instanceof UnreadableRow) || !first) throw error;
    if (others.length === 0) await quarantine(engine, first, error);
    else for (const one of claimed) await loadSlice(engine, [one]);
  }
}

async function adoptOrGiveUp(engine: Engine, claimed: Claimed, adopt: (one: Claimed) => void): Promise<void> {
  try {
    adopt(claimed);
  } catch (error) {
    await quarantine(engine, claimed, error);
  }
}

/** The rows of one moment; what it returns takes the one or the other of the DAGs into memory. */
async function readDags(engine: Engine, claimed: readonly Claimed[]): Promise<(one: Claimed) => void> {
  const ids = claimed.map(({ dagId }) => dagId);
  const [rows, versions, runs, tasks] = await engine.flusher.snapshot([
    ...([loadDags(ids), loadVersions(ids), loadOpenRuns(ids), loadOpenTasks(ids)] as const),
  ]);
  const versionsOf = groupBy(versions, ({ dagId }) => dagId);
  const runsOf = groupBy(runs, ({ head }) => head.dagId);
  const tasksOf = groupBy(tasks, ({ runKey }) => runKey);

  return function adopt({ dagId, epoch }) {
    const row = rows.find((found) => found.dagId === dagId);
    if (row?.owner !== engine.id || row.epoch !== epoch) return;
    const dag = ownedDag(row, engine.clock.monotonicMs());
    for (const version of versionsOf.get(dagId) ?? []) addVersion(dag, version);
    engine.dags.set(dagId, dag);
    for (const run of runsOf.get(dagId) ?? []) {
      const version = dag.versions.get(run.head.version);
      if (!version) continue; // dag_run refers to dag_version, and both were read in one moment
      const state = runOf(run, version, tasksOf.get(run.head.runKey) ?? []);
      addRun(dag, state, engine.execs);
      watchLoadedRun(engine, dag, state);
    }
    engine.look.doors.add(dagId);
    engine.look.callbacks.add(dagId);
    engine.adopted.add(dag);
  };
}

/** Memory of these DAGs is not what stands in the database: read it again. */
export async function reload(engine: Engine, dagIds: Iterable<DagId>): Promise<void> {
  const claimed = [...dagIds].flatMap((dagId) => {
    const dag = engine.dags.get(dagId);
    if (dag) forget(engine, dag);
    return dag ? [{ dagId, epoch: dag.epoch }] : [];
  });
  await load(engine, claimed);
}

export function forget(engine: Engine, dag: OwnedDag): void {
  engine.dags.delete(dag.dagId);
  const { readyDags, queuedDags, tickDags, callbackDags, checkDags, adopted } = engine;
  for (const set of [readyDags, queuedDags, tickDags, callbackDags, checkDags, adopted]) set.delete(dag);
  for (const execs of [engine.execs, engine.callbackExecs, engine.checkExecs]) {
    for (const [exec, place] of execs) if (place.dag === dag) execs.delete(exec);
  }
}

/**
 * Gives up a DAG that nothing can be done with, and writes down why (server/adr/0006). Between two flushes: nothing of it is
 * in flight. What came in is not lost: reports stay with their worker, commands and inbox rows in the database.
 */
export async function quarantine(engine: Engine, { dagId, epoch }: Claimed, cause: unknown): Promise<void> {
  const reason = cause instanceof Error ? cause.message : String(cause);
  engine.log.error(
    { dagId, reason, stack: cause instanceof Error ? cause.stack : undefined },
    "A DAG is in quarantine: nothing of it moves; it is tried again in a minute, or when it has a new version",
  );
  const left = engine.inputs.filter((input) => dagOfInput(engine, input) !== dagId);
  engine.inputs.splice(0, Infinity, ...left);
  const dag = engine.dags.get(dagId);
  if (dag) forget(engine, dag);
  engine.suspects.drop(dagId);
  // Deposed, the next flush says so, too.
  await engine.flusher.commit([quarantineDag(engine.id, dagId, epoch, reason)]);
}

/** What each link has of ours, from the attempts in memory. */
export function recount(engine: Engine): void {
  const links = engine.executor.links();
  for (const link of links) link.inFlight.clear();
  for (const { exec, worker } of liveExecs(engine)) {
    links.find((link) => link.worker === worker)?.inFlight.add(exec);
  }
}
