import type { Exec, ProcessId } from "../domain/ids";
import { awaitsCheck } from "../domain/awaits-check";
import type { RunState } from "../domain/run-state";
import type { Engine } from "./engine";
import { versionOf, type OwnedDag } from "./owned";

/*
 * Refinements of a DAG's params are user code, so a runtime is asked, once a run is under way and before its first
 * attempt. Its scheduled tasks are not ready until then:
 *
 *   waiting --> at a worker --> passed: they are
 *      ^             |  '------ refused, or died three times: the run fails, and says why
 *      '-------------' the worker denies it, was lost or stopped; died
 *
 * Nothing of a check is stored but a refusal. Whether a run waits for one follows from its rows (domain/awaits-check.ts),
 * so a new owner simply asks again; asked twice it harms nobody, since a check starts nothing (ADR 0005).
 */

export interface ParamsCheck {
  readonly dag: OwnedDag;
  readonly run: RunState;
  /** Both null while it waits for a worker. */
  exec: Exec | null;
  worker: ProcessId | null;
  /** How often its process has died. */
  died: number;
  nextAt: Date;
  /** By the database's clock. */
  timeoutMs: number;
}

/** A run that is under way, new or from its rows: held back if its params are still to be checked. */
export function awaitCheck(engine: Engine, dag: OwnedDag, run: RunState): void {
  if (!awaitsCheck(versionOf(dag, run).dag, run.tasks) || dag.checks.has(run)) return;
  const nextAt = new Date(0);
  dag.checks.set(run, { dag, run, exec: null, worker: null, died: 0, nextAt, timeoutMs: Infinity });
  engine.checkDags.add(dag);
}

/** The run is over. What a worker has of it may end; until it has, it takes a slot there. */
export function dropCheck(engine: Engine, dag: OwnedDag, run: RunState): (() => void) | undefined {
  const check = dag.checks.get(run);
  dag.checks.delete(run);
  if (!check?.exec || !check.worker) return undefined;
  const { exec, worker } = check;
  const { dagId, epoch } = dag;
  return () => {
    engine.executor.linkTo(worker)?.send({ type: "end", dagId, epoch, exec, why: "its run is over" });
  };
}

/** Its tasks that wait for it are ready. */
export function letGo(engine: Engine, { dag, run }: ParamsCheck): void {
  dag.checks.delete(run);
  for (const [at, { state }] of run.tasks.entries()) if (state === "scheduled") dag.ready.push({ run, at });
  if (dag.ready.length > 0) engine.readyDags.add(dag);
}

/** A worker has it no more. */
export function forgetExec(engine: Engine, check: ParamsCheck): void {
  if (check.exec) engine.checkExecs.delete(check.exec);
  if (check.exec && check.worker) engine.executor.linkTo(check.worker)?.inFlight.delete(check.exec);
  check.exec = null;
  check.worker = null;
}
