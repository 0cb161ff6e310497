/*
 * Functions that are called because something happened. They wait in the outbox and are work like any other, but no
 * attempts: a worker's credit that no task wants is theirs, and what becomes of them changes no task and no run.
 *
 *   pending --> sending (a worker has it) --> sent
 *      ^            |         '--- threw, died, ran too long: three times, then failed
 *      '------------'
 *
 * At least once: a worker that is lost with one may have run it to its end.
 */
import type { Exec } from "../domain/ids";
import type { CallbackProgress } from "../db/sql/move-callbacks";
import type { CallbackWork, Outcome } from "../executor/protocol";
import { happenedOf } from "../notify/happened";
import { freeLink } from "./admit-tasks";
import type { Draft } from "./draft";
import type { Due, Engine } from "./engine";
import type { OpenCallback } from "./owned";

const MAX_TRIES = 3;
const RETRY_MS = 10_000;
/** Nobody was at it: at once would be as futile. */
const AGAIN_MS = 1_000;
/** Nobody set a limit for it, and it holds a slot. */
const TIMEOUT_MS = 300_000;

/** Hands out what is due, as far as workers have room that no task takes. */
export function admitCallbacks(engine: Engine, draft: Draft): void {
  for (const dag of engine.callbackDags) {
    if (!draft.scope.includes(dag.dagId)) continue;
    if (engine.dags.get(dag.dagId) === dag) {
      for (const callback of dag.callbacks.values()) {
        if (callback.progress.state !== "pending" || callback.progress.nextAt > draft.now) continue;
        const link = freeLink(engine);
        if (!link) return;
        const exec = engine.newExec();
        link.inFlight.add(exec);
        move(engine, draft, callback, { state: "sending", exec, worker: link.worker });
        watchTimeout(engine, callback, draft.now);
      }
    }
    engine.callbackDags.delete(dag);
  }
}

export function watchTimeout(engine: Engine, callback: OpenCallback, now: Date): void {
  const { dag, id } = callback;
  callback.timeoutMs = now.getTime() + TIMEOUT_MS;
  engine.due.add(callback.timeoutMs, { kind: "callback", dag, id });
}

/** It is time to try one again, or one has been at it for too long. */
export function callbackDue(
  engine: Engine,
  draft: Draft,
  { dag, id }: Extract<Due, { kind: "callback" }>,
): void {
  const callback = dag.callbacks.get(id);
  if (!callback) return;
  const { state, exec, worker } = callback.progress;
  if (state === "pending") engine.callbackDags.add(dag);
  if (!exec || !worker || callback.timeoutMs > draft.now.getTime()) return;
  const { dagId, epoch } = dag;
  draft.afterCommit.push(() => {
    const why = "a callback may take five minutes";
    engine.executor.linkTo(worker)?.send({ type: "end", dagId, epoch, exec, why });
  });
}

/** What a worker says of one. */
export function endCallback(engine: Engine, draft: Draft, callback: OpenCallback, outcome: Outcome): void {
  switch (outcome.kind) {
    case "returned":
    case "skipped":
      move(engine, draft, callback, { state: "sent", why: null });
      break;
    case "failed":
    case "retry":
      tryAgain(engine, draft, callback, `${outcome.error.name}: ${outcome.error.message}`);
      break;
    case "exited":
      tryAgain(engine, draft, callback, outcome.evidence);
      break;
    case "lost":
      repeat(engine, draft, callback, { why: outcome.evidence, repeated: true });
      break;
    case "interrupted":
      repeat(engine, draft, callback, { why: "The worker was stopped meanwhile", repeated: true });
      break;
    case "never_started":
      repeat(engine, draft, callback, { why: null, repeated: false });
  }
}

/** What the owner finds out itself. */
export function loseCallback(
  engine: Engine,
  draft: Draft,
  callback: OpenCallback,
  event: "never_started" | "worker_lost",
): void {
  const lost = event === "worker_lost";
  repeat(engine, draft, callback, { why: lost ? "Its worker was lost meanwhile" : null, repeated: lost });
}

function tryAgain(engine: Engine, draft: Draft, callback: OpenCallback, why: string): void {
  const tries = callback.progress.tries + 1;
  const left = tries < MAX_TRIES;
  const nextAt = new Date(draft.now.getTime() + RETRY_MS);
  move(engine, draft, callback, { state: left ? "pending" : "failed", tries, why, nextAt });
  const words = left ? "A callback failed and is called again" : "A callback failed for the last time";
  engine.log.warn({ ...inLog(callback), tries, why }, words);
}

function repeat(
  engine: Engine,
  draft: Draft,
  callback: OpenCallback,
  { why, repeated }: Pick<CallbackProgress, "why" | "repeated">,
): void {
  const nextAt = new Date(draft.now.getTime() + AGAIN_MS);
  move(engine, draft, callback, { state: "pending", why, repeated, nextAt });
  if (repeated)
    engine.log.warn({ ...inLog(callback), why }, "A callback is called again; it may have run before");
}

function move(
  engine: Engine,
  draft: Draft,
  callback: OpenCallback,
  change: Partial<CallbackProgress> & Pick<CallbackProgress, "state">,
): void {
  const { dag, id, progress: before } = callback;
  const after = { ...before, exec: null, worker: null, ...change };
  callback.progress = after;
  draft.touched.add(dag.dagId);
  draft.callbacks.set(callback, draft.callbacks.get(callback) ?? before);
  if (before.exec) forgetExec(engine, before.exec, before);
  if (after.exec) engine.callbackExecs.set(after.exec, callback);
  if (after.state === "pending") engine.due.add(after.nextAt.getTime(), { kind: "callback", dag, id });
  if (after.state !== "sent" && after.state !== "failed") return;
  dag.callbacks.delete(id);
  // Those that found no room in memory.
  if (!dag.moreCallbacks || dag.callbacks.size > 0) return;
  draft.afterCommit.push(() => {
    engine.look.callbacks.add(dag.dagId);
    engine.wake();
  });
}

function forgetExec(engine: Engine, exec: Exec, { worker }: CallbackProgress): void {
  engine.callbackExecs.delete(exec);
  if (worker) engine.executor.linkTo(worker)?.inFlight.delete(exec);
}

/** After COMMIT: what the flush gave to workers. */
export function callbackWork(engine: Engine, draft: Draft): { worker: string; work: CallbackWork }[] {
  return [...draft.callbacks.keys()].flatMap((callback) => {
    const { exec, worker } = callback.progress;
    return exec && worker ? [{ worker, work: { ...workOf(callback, engine.publicUrl), exec } }] : [];
  });
}

function workOf({ dag, row, run }: OpenCallback, publicUrl: string): Omit<CallbackWork, "exec"> {
  const { dagId, bundleHash, structureHash, about, attempt, list, position } = row;
  return {
    ...{ kind: "callback", dagId, epoch: dag.epoch, run, bundleHash, structureHash },
    ...{ taskId: about === "task" ? (attempt?.taskId ?? null) : null, list, index: position },
    happened: happenedOf(row, publicUrl),
  };
}

const inLog = ({ row: { dagId, runId, attempt, list, position } }: OpenCallback) => ({
  ...{ dagId, runId, taskId: attempt?.taskId ?? null, callback: `${list}[${position}]` },
});
