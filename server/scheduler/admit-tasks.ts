import { advanceTask, startRun } from "../domain/advance-run";
import { hasRoom } from "../domain/rules/has-room";
import type { RunState } from "../domain/run-state";
import type { WorkerLink } from "../executor/worker-link";
import { apply } from "./apply";
import type { Draft } from "./draft";
import type { Engine } from "./engine";
import { runningRuns, versionOf, type OwnedDag } from "./owned";

/** Gives queued runs their place, oldest first, as far as maxActiveRuns goes. Nothing of a paused DAG begins. */
export function startQueuedRuns(engine: Engine, draft: Draft): void {
  for (const dag of engine.queuedDags) {
    if (!draft.scope.includes(dag.dagId)) continue;
    engine.queuedDags.delete(dag);
    if (dag.paused || engine.dags.get(dag.dagId) !== dag) continue;
    let running = runningRuns(dag);
    for (const run of dag.runs.values()) {
      if (run.progress.state !== "queued") continue;
      if (!hasRoom(running, versionOf(dag, run).dag.settings.maxActiveRuns)) break;
      apply(engine, draft, dag, startRun(run, draft.now));
      // One without tasks, or with none left to do, has ended by that.
      if (isRunning(run)) running += 1;
    }
  }
}

const isRunning = ({ progress }: RunState) => progress.state === "running";

/**
 * Dispatches ready tasks while workers have room: one of each DAG in turn, so that no DAG starves another. The rules are
 * those of domain/admit.ts, asked of counters. That upstream is done was true when the task was scheduled, and still is:
 * advance-run.ts takes a scheduled task back when it is not.
 */
export function admitTasks(engine: Engine, draft: Draft): void {
  const turn = [...engine.readyDags].filter(({ dagId }) => draft.scope.includes(dagId));
  for (let link = freeLink(engine); link && turn.length > 0; link = freeLink(engine)) {
    const dag = turn.shift();
    if (!dag) return;
    if (admitOne(engine, draft, dag, link)) turn.push(dag);
    else if (dag.ready.length === 0) engine.readyDags.delete(dag);
  }
  // DAGs at their own limit come back when one of their tasks ends or they are unpaused.
}

/** True when it took one, so that the DAG may have another turn. */
function admitOne(engine: Engine, draft: Draft, dag: OwnedDag, link: WorkerLink): boolean {
  if (dag.paused || engine.dags.get(dag.dagId) !== dag) return false;
  for (let place = dag.ready[0]; place; place = dag.ready[0]) {
    const { run, at } = place;
    const current = run.tasks[at]?.state === "scheduled" && dag.runs.get(run.head.runKey) === run;
    if (current && !hasRoom(dag.liveTasks, versionOf(dag, run).dag.settings.maxActiveTasks)) return false;
    dag.ready.shift();
    if (!current || dag.checks.has(run)) continue; // held back: all of its scheduled tasks are ready once it passes
    const newExec = engine.newExec();
    link.inFlight.add(newExec);
    const event = { type: "dispatched", newExec, worker: link.worker } as const;
    apply(engine, draft, dag, advanceTask(run, at, event, draft.now));
    return true;
  }
  return false;
}

/** The one with the most room, of those that are heard of. */
export function freeLink(engine: Engine): WorkerLink | undefined {
  const silentSince = engine.clock.monotonicMs() - engine.limits.workerIdleMs;
  let best: WorkerLink | undefined;
  for (const link of engine.executor.links()) {
    if (link.lastHeardMs < silentSince) continue;
    if (!hasRoom(link.inFlight.size, link.credit)) continue;
    const room = link.credit - link.inFlight.size;
    if (!best || room > best.credit - best.inFlight.size) best = link;
  }
  return best;
}
