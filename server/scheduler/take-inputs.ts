import { advanceTask } from "../domain/advance-run";
import { after } from "../domain/retry-delay";
import type { TaskEvent } from "../domain/task-events";
import type { TaskInstance } from "../domain/task-instance";
import { takesReports } from "../domain/task-machine";
import { RESULT_KEY } from "../db/sql/read-values";
import type { ErrorFacts, Report, ValueRef } from "../executor/protocol";
import { apply } from "./apply";
import { applyCommand } from "./apply-command";
import { endCallback, loseCallback } from "./callbacks";
import { endCheck, loseCheck } from "./check-params";
import type { Draft } from "./draft";
import type { Engine, Input, LivePlace } from "./engine";
import { takeFairly } from "./fair-batch";
import { fingerprint } from "./fingerprint";
import type { Gathered } from "./gather";
import { dagOfExec, dagOfInput } from "./live-execs";
import { EVERYBODY, type Scope } from "./suspects";
import { takeInbox } from "./take-inbox";

/** A flush of some 500 attempts is full; what is more waits one flush, and no DAG gets more than a quarter of it. */
const MAX_PER_PASS = 500;

/** Decides about what has come in. */
export function takeInputs(engine: Engine, draft: Draft, gathered: Gathered): void {
  const taken = nextInputs(engine, draft.scope);
  draft.taken.push(...taken);
  for (const input of taken) {
    switch (input.kind) {
      case "report":
        takeReport(engine, draft, input);
        break;
      case "ending":
        takeEnding(engine, draft, input);
        break;
      case "command":
        applyCommand(engine, draft, input.command, gathered);
        break;
      case "inbox":
        takeInbox(engine, draft, input.row, gathered);
        break;
    }
  }
}

function nextInputs(engine: Engine, scope: Scope): Input[] {
  const { inputs } = engine;
  const keyOf = (input: Input) => dagOfInput(engine, input) ?? "";
  if (scope === EVERYBODY) return takeFairly(inputs, MAX_PER_PASS, keyOf);
  const mine = inputs.filter((input) => scope.includes(dagOfInput(engine, input)));
  const others = inputs.filter((input) => !scope.includes(dagOfInput(engine, input)));
  const taken = takeFairly(mine, scope.alone ? 1 : MAX_PER_PASS, keyOf);
  inputs.splice(0, Infinity, ...mine, ...others);
  return taken;
}

/** When attempts began, for those that are still at it. One that has ended meanwhile brought the time itself. */
export function takeStarted(engine: Engine, draft: Draft): void {
  for (const [exec, at] of engine.started) {
    if (!draft.scope.includes(dagOfExec(engine, exec)?.dagId)) continue;
    engine.started.delete(exec);
    draft.begun.set(exec, at);
    const place = engine.execs.get(exec);
    // A new owner is told again what may stand in the row already.
    if (place?.run.tasks[place.at]?.startedAt === null)
      takeEvent(engine, draft, exec, { type: "started", exec, at });
  }
  engine.look.started = engine.started.size > 0;
}

function takeEnding(engine: Engine, draft: Draft, { exec, event }: Extract<Input, { kind: "ending" }>): void {
  const callback = engine.callbackExecs.get(exec);
  const check = engine.checkExecs.get(exec);
  if (callback) loseCallback(engine, draft, callback, event);
  else if (check) loseCheck(engine, draft, check);
  else takeEvent(engine, draft, exec, { type: event, exec });
}

function takeEvent(engine: Engine, draft: Draft, exec: Report["exec"], event: TaskEvent): void {
  const place = engine.execs.get(exec);
  if (!place) return;
  apply(engine, draft, place.dag, advanceTask(place.run, place.at, event, draft.now));
}

function takeReport(
  engine: Engine,
  draft: Draft,
  { link, report }: Extract<Input, { kind: "report" }>,
): void {
  const { exec, dagId } = report;
  link.inFlight.delete(exec);
  const owned = engine.dags.get(dagId);
  // Of a DAG that is not ours (any more): its owner will be told, and acknowledges.
  if (!owned) return;
  draft.afterCommit.push(() => {
    link.send({ type: "ack", reports: [{ dagId, epoch: owned.epoch, exec }] });
  });
  const callback = engine.callbackExecs.get(exec);
  if (callback) {
    endCallback(engine, draft, callback, report.outcome);
    return;
  }
  const check = engine.checkExecs.get(exec);
  if (check) {
    endCheck(engine, draft, check, report.outcome);
    return;
  }
  const place = engine.execs.get(exec);
  const task = place?.run.tasks[place.at];
  // Old news: decided about already, so it may be forgotten.
  if (!place || !task) return;

  draft.evidence.set(exec, evidenceOf(report, link.identity.host));
  const decisions = advanceTask(place.run, place.at, eventOf(report, task, draft.now), draft.now);
  apply(engine, draft, place.dag, decisions);
  if (report.outcome.kind === "returned" && place.run.tasks[place.at]?.state === "success") {
    keepResults(draft, place, report.outcome);
  }
}

/** What a report means for the task as it is now. Any word of an attempt that is to end says that it has ended. */
function eventOf({ exec, outcome }: Report, task: TaskInstance, now: Date): TaskEvent {
  switch (outcome.kind) {
    case "lost":
      return { type: "worker_lost", exec };
    case "exited":
    case "interrupted":
    case "never_started":
      return { type: outcome.kind, exec };
    case "returned":
    case "skipped":
    case "failed":
    case "retry":
      if (!takesReports(task)) return { type: "exited", exec };
  }
  switch (outcome.kind) {
    case "returned":
      return { type: "returned", exec };
    case "skipped":
      return { type: "skip_thrown", exec };
    case "failed":
      return { type: "failed", exec, retryable: outcome.retryable, delayMs: outcome.retryDelayMs };
    case "retry":
      return {
        type: "retry_thrown",
        exec,
        at: after(now, outcome.afterMs),
        free: outcome.free,
      };
  }
}

function evidenceOf(report: Report, host: string) {
  const { outcome, startedAt, endedAt, durationMs, pid, logBytes, logTruncated } = report;
  const error = errorOf(outcome);
  return {
    ...{ durationMs, pid, logBytes, logTruncated, host, error },
    exitCode: outcome.kind === "exited" ? outcome.exitCode : null,
    signal: outcome.kind === "exited" ? outcome.signal : null,
    fingerprint: error ? fingerprint(error) : null,
    startedAt: startedAt ? new Date(startedAt) : null,
    endedAt: new Date(endedAt),
  };
}

function errorOf(outcome: Report["outcome"]): ErrorFacts | null {
  if (outcome.kind === "failed" || outcome.kind === "retry") return outcome.error;
  if (outcome.kind !== "exited" && outcome.kind !== "lost") return null;
  return { name: "RuntimeExited", message: outcome.evidence, stack: "", code: "runtime.exited" };
}

function keepResults(
  draft: Draft,
  { dag, run, at }: LivePlace,
  { result, pushed }: Extract<Report["outcome"], { kind: "returned" }>,
): void {
  const task = run.tasks[at];
  if (!task) return;
  const { runKey } = run.head;
  const { taskId, mapIndex } = task;
  for (const [key, value] of [[RESULT_KEY, result] as const, ...Object.entries(pushed)]) {
    const row = xcomValue(value);
    if (row) draft.results.push({ runKey, taskId, mapIndex, key, ...row });
  }
  const ofRun = dag.results.get(runKey) ?? new Map<typeof taskId, ValueRef>();
  dag.results.set(runKey, ofRun.set(taskId, result));
}

function xcomValue(value: ValueRef) {
  if ("none" in value) return undefined;
  if ("json" in value) return { value: value.json, reference: null, bytes: Buffer.byteLength(value.json) };
  return { value: null, reference: value.reference, bytes: value.bytes };
}
