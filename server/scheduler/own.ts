import { groupBy } from "../platform/group-by";
import type { DagId } from "../domain/ids";
import { claimDags, ownedDags, type Claimed } from "../db/sql/claim-dags";
import { loadDags, loadOpenRuns, loadOpenTasks, loadVersions } from "../db/sql/load-dags";
import { releaseDags } from "../db/sql/release-dags";
import { watchLoadedRun } from "./apply";
import type { Draft } from "./draft";
import type { Engine } from "./engine";
import { runOf } from "./gather";
import { dagOfExec, liveExecs } from "./live-execs";
import { addRun, addVersion, ownedDag, type OwnedDag } from "./owned";
import { takeLatest } from "./take-inbox";

/** DAGs a flush: claiming thousands must not hold up the loop (ENGINE section 2.4). */
const SLICE = 50;

/** Claims DAGs that nobody live owns, up to the fair share, and takes them into memory. False: it is deposed. */
export async function claim(engine: Engine): Promise<boolean> {
  const room = Math.min(SLICE, engine.share - engine.dags.size);
  if (room <= 0) return true;
  const outcome = await engine.flusher.commit([claimDags(engine.id, room)]);
  switch (outcome.kind) {
    case "deposed":
      return false;
    case "refused":
      engine.log.error({ error: String(outcome.cause) }, "The claim of DAGs was refused");
      return true;
    case "committed": {
      const [won] = outcome.rows;
      if (won.length === room) engine.look.claim = true; // there may be more
      await load(engine, won);
      return true;
    }
    case "committed_before": {
      const owned = await persistently(engine, () => engine.session.query(ownedDags(engine.id)));
      await load(
        engine,
        owned.filter(({ dagId }) => !engine.dags.has(dagId)),
      );
      return true;
    }
  }
}

/** Reads claimed DAGs in transactions begun after the claim; one that is no longer held as claimed is dropped. */
async function load(engine: Engine, claimed: readonly Claimed[]): Promise<void> {
  if (claimed.length === 0) return;
  const ids = claimed.map(({ dagId }) => dagId);
  const [rows, versions, runs, tasks] = await persistently(engine, () =>
    engine.flusher.snapshot([loadDags(ids), loadVersions(ids), loadOpenRuns(ids), loadOpenTasks(ids)]),
  );
  const versionsOf = groupBy(versions, ({ dagId }) => dagId);
  const runsOf = groupBy(runs, ({ head }) => head.dagId);
  const tasksOf = groupBy(tasks, ({ runKey }) => runKey);
  for (const { dagId, epoch } of claimed) {
    const row = rows.find((found) => found.dagId === dagId);
    if (row?.owner !== engine.id || row.epoch !== epoch) continue;
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
  }
  recount(engine);
  for (const link of engine.executor.links()) engine.uncertain.add(link);
}

/** What a claim has to write in the next flush: the version it goes on with and the next tick. */
export function settleAdopted(engine: Engine, draft: Draft): void {
  for (const dag of engine.adopted) takeLatest(engine, draft, dag);
  engine.adopted.clear();
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

function forget(engine: Engine, dag: OwnedDag): void {
  engine.dags.delete(dag.dagId);
  const { readyDags, queuedDags, tickDags, callbackDags, checkDags, adopted } = engine;
  for (const set of [readyDags, queuedDags, tickDags, callbackDags, checkDags, adopted]) set.delete(dag);
  for (const execs of [engine.execs, engine.callbackExecs, engine.checkExecs]) {
    for (const [exec, place] of execs) if (place.dag === dag) execs.delete(exec);
  }
}

/** What each link has of ours, from the attempts in memory. */
export function recount(engine: Engine): void {
  const links = engine.executor.links();
  for (const link of links) link.inFlight.clear();
  for (const { exec, worker } of liveExecs(engine)) {
    links.find((link) => link.worker === worker)?.inFlight.add(exec);
  }
}

/**
 * Gives away what is far above the mean, a little a beat, with nothing in flight for it: no report that waits, no
 * dispatch (those of the last flush have been handed over). Running attempts go along; the next owner asks for them.
 */
export function releaseSurplus(engine: Engine, draft: Draft): void {
  const { dags, share, inputs, id } = engine;
  if (dags.size <= share * 1.2) return;
  const busy = new Set<DagId>([...draft.touched, ...inputs.flatMap((input) => busyDag(engine, input))]);
  const idle = [...dags.values()].filter((dag) => !busy.has(dag.dagId));
  const given = idle.slice(0, Math.min(dags.size - share, Math.ceil(dags.size * 0.05)));
  if (given.length === 0) return;
  draft.own.push(releaseDags(id, given));
  for (const dag of given) draft.touched.add(dag.dagId);
  draft.afterCommit.push(() => {
    for (const dag of given) forget(engine, dag);
    recount(engine);
  });
}

function busyDag(engine: Engine, input: Engine["inputs"][number]): DagId[] {
  switch (input.kind) {
    case "report":
      return [input.report.dagId];
    case "ending": {
      const dagId = dagOfExec(engine, input.exec)?.dagId;
      return dagId ? [dagId] : [];
    }
    case "command":
      return [input.command.dagId];
    case "inbox":
      return [input.row.dagId];
  }
}

/** For reads that a decision waits for, however long the database is away. */
export async function persistently<T>(engine: Engine, read: () => Promise<T>): Promise<T> {
  const { clock, log } = engine;
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (engine.stopped) throw error;
      log.warn({ error: String(error) }, "Cannot read from the database; trying again");
      await new Promise<void>((resolve) => void clock.wakeAfter(200, resolve));
    }
  }
}
