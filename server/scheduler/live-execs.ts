import type { Exec, ProcessId } from "../domain/ids";
import type { Engine } from "./engine";
import type { OwnedDag } from "./owned";

type Execs = Pick<Engine, "execs" | "callbackExecs">;

/** Whatever some worker has of ours: attempts of tasks, and functions that are called because something happened. */
export interface LiveExec {
  readonly exec: Exec;
  readonly worker: ProcessId;
  readonly dag: OwnedDag;
}

export function liveExecs({ execs, callbackExecs }: Execs): LiveExec[] {
  const tasks = [...execs].flatMap(([exec, { dag, run, at }]) => {
    const worker = run.tasks[at]?.worker;
    return worker ? [{ exec, worker, dag }] : [];
  });
  const callbacks = [...callbackExecs].flatMap(
    ([
      exec,
      {
        dag,
        progress: { worker },
      },
    ]) => (worker ? [{ exec, worker, dag }] : []),
  );
  return [...tasks, ...callbacks];
}

/** Undefined for an exec that is nobody's any more. */
export function workerOf({ execs, callbackExecs }: Execs, exec: Exec): ProcessId | undefined {
  const place = execs.get(exec);
  const worker = place ? place.run.tasks[place.at]?.worker : callbackExecs.get(exec)?.progress.worker;
  return worker ?? undefined;
}

export const dagOfExec = ({ execs, callbackExecs }: Execs, exec: Exec): OwnedDag | undefined =>
  (execs.get(exec) ?? callbackExecs.get(exec))?.dag;
