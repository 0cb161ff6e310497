import type { SerializedDag } from "./serialized-dag";
import type { TaskInstance } from "./task-instance";

type Dispatched = Pick<TaskInstance, "attempt" | "dispatchedAt">;

/**
 * Whether the run's params are still to be put to the DAG's own checks (refinements). It follows from the rows: nothing
 * of a run is dispatched before they pass, and from then on it has a task that was.
 */
export const awaitsCheck = (
  { refined }: Pick<SerializedDag, "refined">,
  tasks: readonly Dispatched[],
): boolean =>
  refined === true && tasks.every(({ attempt, dispatchedAt }) => attempt === 1 && dispatchedAt === null);
