import type { DagId, Exec, ProcessId, TaskId } from "../domain/ids";
import type { Engine, Input } from "./engine";
import type { OwnedDag } from "./owned";

type Execs = Pick<Engine, "execs" | "callbackExecs" | "checkExecs">;

/** Whatever some worker has of ours: attempts of tasks, functions to be called, params to be checked. */
export interface LiveExec {
  readonly exec: Exec;
  readonly worker: ProcessId;
  readonly dag: OwnedDag;
}

export function liveExecs({ execs, callbackExecs, checkExecs }: Execs): LiveExec[] {
  const live = (exec: Exec, worker: ProcessId | null | undefined, dag: OwnedDag) =>
    worker ? [{ exec, worker, dag }] : [];
  return [
    ...[...execs].flatMap(([exec, { dag, run, at }]) => live(exec, run.tasks[at]?.worker, dag)),
    ...[...callbackExecs].flatMap(([exec, { dag, progress }]) => live(exec, progress.worker, dag)),
    ...[...checkExecs].flatMap(([exec, { dag, worker }]) => live(exec, worker, dag)),
  ];
}

/** Undefined for an exec that is nobody's any more. */
export function workerOf({ execs, callbackExecs, checkExecs }: Execs, exec: Exec): ProcessId | undefined {
  const place = execs.get(exec);
  if (place) return place.run.tasks[place.at]?.worker ?? undefined;
  const { worker } = callbackExecs.get(exec)?.progress ?? checkExecs.get(exec) ?? {};
  return worker ?? undefined;
}

/** Null for what runs for the DAG or its run: a callback, a check of params. */
export function taskOfExec(
  { execs, callbackExecs }: Pick<Execs, "execs" | "callbackExecs">,
  exec: Exec,
): TaskId | null {
  const place = execs.get(exec);
  return (place ? place.run.tasks[place.at]?.taskId : callbackExecs.get(exec)?.row.attempt?.taskId) ?? null;
}

export const dagOfExec = ({ execs, callbackExecs, checkExecs }: Execs, exec: Exec): OwnedDag | undefined =>
  (execs.get(exec) ?? callbackExecs.get(exec) ?? checkExecs.get(exec))?.dag;

/** Undefined for a word about an exec that is nobody's any more. */
export function dagOfInput(engine: Execs, input: Input): DagId | undefined {
  switch (input.kind) {
    case "report":
      return input.report.dagId;
    case "ending":
      return dagOfExec(engine, input.exec)?.dagId;
    case "command":
      return input.command.dagId;
    case "inbox":
      return input.row.dagId;
  }
}
