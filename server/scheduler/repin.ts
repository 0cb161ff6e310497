import { hasEnded, newTasks, runState, type RunState } from "../domain/run-state";
import type { OwnedDag } from "./owned";

export interface Repinned {
  readonly run: RunState;
  /** Positions of tasks that the run has not had before. */
  readonly added: ReadonlySet<number>;
}

/**
 * An ended run as it would go on with the DAG's newest version: whoever mends a DAG and clears its failed run wants the
 * mended code. Tasks keep their history by id; new ones begin with nothing, those that are gone stay as they ended.
 * Undefined: it has that version, or is not over, and goes on with its own.
 */
export function repinned(dag: OwnedDag, run: RunState): Repinned | undefined {
  const { latest } = dag;
  if (!latest || latest.number === run.head.version || !hasEnded(run.progress)) return undefined;
  const had = new Map(run.tasks.map((task) => [task.taskId, task]));
  const added = new Set<number>();
  const tasks = newTasks(latest.graph).map((fresh, at) => {
    const task = had.get(fresh.taskId);
    if (!task) added.add(at);
    return task ? { ...task, policy: fresh.policy } : fresh;
  });
  return { run: runState({ ...run.head, version: latest.number }, run.progress, latest.graph, tasks), added };
}
