import { evaluate } from "../domain/expr";
import type { Exec, TaskId } from "../domain/ids";
import type { Json, Node } from "../domain/serialized-dag";
import type { TaskEvent } from "../domain/task-events";
import type { RunFacts } from "../executor/protocol";
import { attemptStorage, type AttemptHost, type DagInside } from "./inside";
import { resultText } from "./result-text";
import { signalOf } from "./signal-of";
import type { World } from "./test-world";

export interface Attempt {
  readonly dag: DagInside;
  readonly node: Node;
  readonly run: RunFacts;
  readonly exec: Exec;
  readonly number: number;
  readonly now: Date;
  /** The task's own function, or its mock. */
  readonly call: (...inputs: readonly unknown[]) => unknown;
  readonly world: World;
  readonly value: (task: TaskId) => Json | undefined;
  readonly log: string[];
}

export interface Ended {
  readonly event: TaskEvent;
  readonly result?: Json;
  readonly error?: Error;
}

/** One attempt, as a runtime would make it. */
export async function testAttempt(attempt: Attempt): Promise<Ended> {
  const { node, run, exec, now, call, value } = attempt;
  try {
    const inputs = node.args.map((arg) => evaluate(arg, { params: run.params, value }));
    // As another process would see it: each attempt gets values of its own.
    const own = structuredClone(inputs);
    const returned = await attemptStorage.run(hostOf(attempt), () => call(...own));
    const text = resultText(node.id, returned);
    const event = { type: "returned", exec } as const;
    return text === undefined ? { event } : { event, result: JSON.parse(text) as Json };
  } catch (thrown) {
    const signal = signalOf(thrown, now);
    if (signal.kind === "skip") return { event: { type: "skip_thrown", exec } };
    return { event: eventOf(signal, thrown, attempt), error: errorOf(thrown) };
  }
}

function eventOf(
  signal: Exclude<ReturnType<typeof signalOf>, { kind: "skip" }>,
  thrown: unknown,
  { dag, node, exec, number, now }: Attempt,
): TaskEvent {
  switch (signal.kind) {
    case "fail":
      return { type: "failed", exec, retryable: false, delayMs: null };
    case "retry":
      return { type: "retry_thrown", exec, at: new Date(now.getTime() + signal.afterMs), free: signal.free };
    case "error": {
      const answer = dag.tasks.get(node.id)?.retryIf?.(thrown, number) ?? true;
      const delayMs = typeof answer === "number" ? answer : null;
      return { type: "failed", exec, retryable: answer !== false, delayMs };
    }
  }
}

function hostOf({ dag, node, run, number, world, log }: Attempt): AttemptHost {
  return {
    ...{ run, dagId: dag.id, taskId: node.id, mapIndex: -1, attempt: number },
    signal: new AbortController().signal,
    log(_level, message, fields) {
      const line = fields ? `${message} ${JSON.stringify(fields)}` : message;
      log.push(line);
      world.onLog?.(node.id, line);
    },
    connection: (id) => world.connection(id),
    variable: (key) => world.variable(key),
    push: () => undefined, // nothing in this version reads it
  };
}

const errorOf = (thrown: unknown) =>
  thrown instanceof Error ? thrown : new Error(`${String(thrown)} was thrown, which is no Error.`);
