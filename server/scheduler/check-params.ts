import { intendRun } from "../domain/advance-run";
import type { RunError } from "../domain/run-state";
import type { Outcome, ParamsWork } from "../executor/protocol";
import { freeLink } from "./admit-tasks";
import { apply } from "./apply";
import type { Draft } from "./draft";
import type { Due, Engine } from "./engine";
import { versionOf } from "./owned";
import { forgetExec, letGo, type ParamsCheck } from "./params-checks";
import { factsOf } from "./run-facts";

const MAX_DEATHS = 3;
/** Nobody was at it: at once would be as futile. */
const AGAIN_MS = 1_000;
/** A check that looks something up takes a moment; one that takes longer holds a slot for nothing. */
const TIMEOUT_MS = 60_000;

/** Hands checks to workers that have room, before the tasks that wait for them. Nothing of a paused DAG begins. */
export function admitChecks(engine: Engine, draft: Draft): void {
  for (const dag of engine.checkDags) {
    if (!draft.scope.includes(dag.dagId)) continue;
    if (dag.paused && engine.dags.get(dag.dagId) === dag) continue;
    if (engine.dags.get(dag.dagId) === dag) {
      for (const check of dag.checks.values()) {
        if (check.exec || check.nextAt > draft.now) continue;
        const link = freeLink(engine);
        if (!link) return;
        const exec = engine.newExec();
        Object.assign(check, { exec, worker: link.worker, timeoutMs: draft.now.getTime() + TIMEOUT_MS });
        link.inFlight.add(exec);
        engine.checkExecs.set(exec, check);
        engine.due.add(check.timeoutMs, { kind: "check", dag, run: check.run });
        draft.checks.push(check);
        draft.touched.add(dag.dagId);
      }
    }
    engine.checkDags.delete(dag);
  }
}

/** It is time to try one again, or one has been at it for too long. */
export function checkDue(engine: Engine, draft: Draft, { dag, run }: Extract<Due, { kind: "check" }>): void {
  const check = dag.checks.get(run);
  if (!check) return;
  const { exec, worker } = check;
  if (!exec || !worker) {
    engine.checkDags.add(dag);
    return;
  }
  if (check.timeoutMs > draft.now.getTime()) return;
  const { dagId, epoch } = dag;
  const why = `a check of params may take ${TIMEOUT_MS / 1_000} s`;
  draft.afterCommit.push(() => {
    engine.executor.linkTo(worker)?.send({ type: "end", dagId, epoch, exec, why });
  });
}

/** What a worker says of one. */
export function endCheck(engine: Engine, draft: Draft, check: ParamsCheck, outcome: Outcome): void {
  if (!isWanted(engine, draft, check)) return;
  switch (outcome.kind) {
    case "returned":
    case "skipped":
      letGo(engine, check);
      break;
    case "failed":
      // What may come out otherwise the next time is no word about the params: a bundle that was not to be had.
      if (outcome.retryable) died(engine, draft, check, outcome.error);
      else refuse(engine, draft, check, outcome.error);
      break;
    case "retry":
      died(engine, draft, check, outcome.error);
      break;
    case "exited":
      died(engine, draft, check, {
        ...{ name: "RuntimeExited", stack: "", code: "runtime.exited" },
        message: `The check of the params did not come to its end. ${outcome.evidence}`,
      });
      break;
    case "lost":
    case "interrupted":
    case "never_started":
      again(engine, draft, check);
  }
}

/** What the owner finds out itself. */
export function loseCheck(engine: Engine, draft: Draft, check: ParamsCheck): void {
  if (isWanted(engine, draft, check)) again(engine, draft, check);
}

/** The worker has it no more. False: nor does anybody wait for its word. */
function isWanted(engine: Engine, draft: Draft, check: ParamsCheck): boolean {
  forgetExec(engine, check);
  draft.touched.add(check.dag.dagId);
  return check.dag.checks.get(check.run) === check;
}

function died(engine: Engine, draft: Draft, check: ParamsCheck, error: RunError): void {
  check.died += 1;
  if (check.died >= MAX_DEATHS) refuse(engine, draft, check, error);
  else again(engine, draft, check);
}

function again(engine: Engine, draft: Draft, check: ParamsCheck): void {
  const { dag, run } = check;
  check.nextAt = new Date(draft.now.getTime() + AGAIN_MS);
  engine.due.add(check.nextAt.getTime(), { kind: "check", dag, run });
}

function refuse(engine: Engine, draft: Draft, { dag, run }: ParamsCheck, error: RunError): void {
  dag.checks.delete(run);
  const intent = { to: "failed", reason: "params_invalid", error } as const;
  apply(engine, draft, dag, intendRun(run, intent, draft.now));
}

/** After COMMIT: what this pass gave to workers. */
export function checkWork(draft: Draft): { worker: string; work: ParamsWork }[] {
  return draft.checks.flatMap(({ dag, run, exec, worker }) => {
    if (!exec || !worker) return [];
    const { bundleHash, structureHash } = versionOf(dag, run);
    const of = { dagId: dag.dagId, epoch: dag.epoch, bundleHash, structureHash };
    return [{ worker, work: { kind: "params", exec, ...of, run: factsOf(run) } }];
  });
}
