import type { CallbackWork } from "../executor/protocol";
import { VaneError } from "../platform/errors";
import { attemptStorage, type AttemptHost, type DagInside } from "../sdk/inside";
import type { Came } from "../executor/protocol";
import { failed } from "./run-task";

type Place = Pick<AttemptHost, "taskId" | "mapIndex" | "attempt">;

/** A callback of the DAG itself belongs to no task: `context()` says so there. */
export async function runCallback(
  dag: DagInside,
  { dagId, taskId, list, index, happened }: CallbackWork,
  hostFor: (place: Place) => AttemptHost,
): Promise<Came> {
  const callback = dag.callback(taskId, list, index);
  if (!callback) {
    const sentence = `${taskId ?? dagId} has no function at ${list}[${index}] in this version.`;
    return failed(new VaneError("dag.invalid", sentence), false);
  }
  try {
    const call = async (): Promise<unknown> => await callback(happened);
    const { mapIndex = -1, attempt = 1 } = happened;
    await (taskId === null ? call() : attemptStorage.run(hostFor({ taskId, mapIndex, attempt }), call));
    return { kind: "returned", result: { none: true }, pushed: {} };
  } catch (thrown) {
    return failed(thrown);
  }
}
