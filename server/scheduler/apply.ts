import type { Decision } from "../domain/decisions";
import { hasEnded } from "../domain/run-state";
import { isLive, type TaskInstance } from "../domain/task-instance";
import { record, type Draft } from "./draft";
import type { Engine } from "./engine";
import { noteAlerts } from "./note-alerts";
import { versionOf, type OwnedDag } from "./owned";
import { awaitCheck, dropCheck } from "./params-checks";

/** Puts decisions into the flush and keeps what the engine knows beside the runs: who is live, ready, due. */
export function apply(engine: Engine, draft: Draft, dag: OwnedDag, decisions: readonly Decision[]): void {
  record(draft, decisions);
  noteAlerts(engine, draft, dag, decisions);
  for (const decision of decisions) {
    if (decision.kind === "move_task") followTask(engine, dag, decision);
    if (decision.kind === "move_run") followRun(engine, draft, dag, decision);
    if (decision.kind === "forget_results") forgetResults(dag, decision);
  }
}

function forgetResults(dag: OwnedDag, { run, at }: Extract<Decision, { kind: "forget_results" }>): void {
  const task = run.tasks[at];
  if (task) dag.results.get(run.head.runKey)?.delete(task.taskId);
}

function followTask(
  engine: Engine,
  dag: OwnedDag,
  { run, at, before, after }: Extract<Decision, { kind: "move_task" }>,
): void {
  if (before.exec && before.exec !== after.exec) {
    engine.execs.delete(before.exec);
    if (before.worker) engine.executor.linkTo(before.worker)?.inFlight.delete(before.exec);
  }
  if (after.exec && before.exec !== after.exec) engine.execs.set(after.exec, { dag, run, at });
  dag.liveTasks += Number(isLive(after.state)) - Number(isLive(before.state));
  if (isLive(before.state) && !isLive(after.state) && dag.ready.length > 0) engine.readyDags.add(dag);
  if (after.state === "scheduled" && before.state !== "scheduled") {
    dag.ready.push({ run, at });
    engine.readyDags.add(dag);
  }
  if (after.wakeAt) engine.due.add(after.wakeAt.getTime(), { kind: "task", dag, run, at });
  if (after.state === "running" && after.startedAt !== before.startedAt) watchTimeout(engine, dag, run, at);
}

function watchTimeout(engine: Engine, dag: OwnedDag, run: Decision["run"], at: number): void {
  const timeoutMs = run.graph.nodes[at]?.settings.timeoutMs;
  const task = run.tasks[at];
  const from = task && beganMs(task);
  if (timeoutMs && from !== undefined) engine.due.add(from + timeoutMs, { kind: "task", dag, run, at });
}

/**
 * When user code began, by the database's clock: its time to wait for a place is not the task's. Undefined until its worker
 * has said so, which it says to each new owner again. The worker's clock may be wrong: no earlier than the dispatch.
 */
export function beganMs({ startedAt, dispatchedAt }: TaskInstance): number | undefined {
  return startedAt ? Math.max(startedAt.getTime(), dispatchedAt?.getTime() ?? 0) : undefined;
}

function followRun(
  engine: Engine,
  draft: Draft,
  dag: OwnedDag,
  { run, before, after }: Extract<Decision, { kind: "move_run" }>,
): void {
  if (after.state === "running" && before.state !== "running") {
    watchRun(engine, dag, run);
    awaitCheck(engine, dag, run);
  }
  if (hasEnded(after)) {
    const tell = dropCheck(engine, dag, run);
    if (tell) draft.afterCommit.push(tell);
  }
  if (after.state === "queued" || hasEnded(after)) engine.queuedDags.add(dag);
}

function watchRun(engine: Engine, dag: OwnedDag, run: Decision["run"]): void {
  const { timeoutMs } = versionOf(dag, run).dag.settings;
  const { startedAt } = run.progress;
  if (timeoutMs && startedAt)
    engine.due.add(startedAt.getTime() + timeoutMs, { kind: "run_timeout", dag, run });
}

/** What a run that has just been read from its rows waits for. */
export function watchLoadedRun(engine: Engine, dag: OwnedDag, run: Decision["run"]): void {
  watchRun(engine, dag, run);
  if (run.progress.state === "running") awaitCheck(engine, dag, run);
  for (const [at, task] of run.tasks.entries()) {
    if (task.wakeAt) engine.due.add(task.wakeAt.getTime(), { kind: "task", dag, run, at });
    if (task.state === "running") watchTimeout(engine, dag, run, at);
  }
  engine.queuedDags.add(dag);
  if (dag.ready.length > 0) engine.readyDags.add(dag);
}
