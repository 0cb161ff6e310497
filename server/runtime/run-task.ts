import { evaluate } from "../domain/expr";
import type { TaskWork } from "../executor/protocol";
import { VaneError } from "../platform/errors";
import { attemptStorage, type AttemptHost, type DagInside, type TaskInside } from "../sdk/inside";
import { resultText } from "../sdk/result-text";
import { signalOf } from "../sdk/signal-of";
import { errorFacts } from "./error-facts";
import type { Came } from "../executor/protocol";
import { readValue, writeValue } from "./values";

interface Attempt {
  readonly dag: DagInside;
  readonly work: TaskWork;
  readonly host: AttemptHost;
  /** What `host.push` was given, by key. */
  readonly pushed: ReadonlyMap<string, string>;
  readonly spillPrefix: string;
}

/** Calls the task's function with its inputs. Whatever it throws is an outcome. */
export async function runTask({ dag, work, host, pushed, spillPrefix }: Attempt): Promise<Came> {
  const task = dag.tasks.get(work.taskId);
  if (!task) {
    return failed(
      new VaneError("task.not_found", `${work.dagId} has no task ${work.taskId} in this version.`),
    );
  }
  try {
    const scope = { params: work.run.params, value: (id: string) => readValue(work.values[id]) };
    const inputs = work.args.map((arg) => evaluate(arg, scope));
    const returned: unknown = await attemptStorage.run(
      host,
      async (): Promise<unknown> => await task.run(...inputs),
    );
    return {
      kind: "returned",
      result: writeValue(resultText(work.taskId, returned), `${spillPrefix}-result.json`),
      pushed: Object.fromEntries(
        [...pushed].map(([key, text], i) => [key, writeValue(text, `${spillPrefix}-${i}.json`)]),
      ),
    };
  } catch (thrown) {
    return cameFrom(thrown, task, host);
  }
}

function cameFrom(thrown: unknown, task: TaskInside, host: AttemptHost): Came {
  try {
    const signal = signalOf(thrown, new Date());
    switch (signal.kind) {
      case "skip":
        return { kind: "skipped", message: signal.message };
      case "retry":
        return { kind: "retry", error: errorFacts(thrown), afterMs: signal.afterMs, free: signal.free };
      case "fail":
        return failed(thrown, false);
      case "error":
        return asked(thrown, task, host);
    }
  } catch (error) {
    return failed(error); // a Retry with a delay that is none
  }
}

/** A `retryIf` that throws must not turn a failure that may be repeated into one that may not. */
function asked(thrown: unknown, task: TaskInside, host: AttemptHost): Came {
  try {
    const answer = task.retryIf?.(thrown, host.attempt) ?? true;
    return { ...failed(thrown, answer !== false), retryDelayMs: typeof answer === "number" ? answer : null };
  } catch (error) {
    host.log("warn", `retryIf of ${task.id} threw and is taken for true.`, { error: errorFacts(error) });
    return failed(thrown);
  }
}

export function failed(thrown: unknown, retryable = true) {
  return { kind: "failed" as const, error: errorFacts(thrown), retryable, retryDelayMs: null };
}
