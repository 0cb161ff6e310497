import { advanceTask, startRun } from "../domain/advance-run";
import { buildGraph } from "../domain/graph";
import { Exec, ProcessId, type TaskId } from "../domain/ids";
import { newTasks, runState, type RunHead } from "../domain/run-state";
import type { Node } from "../domain/serialized-dag";
import type { TaskInstance, TaskState } from "../domain/task-instance";
import type { Happened } from "./callbacks";
import type { DagInside } from "./inside";
import { mockInside } from "./mock";
import { testAttempt } from "./test-attempt";
import { factsOf, testHead } from "./test-head";
import { givenWorld, type World } from "./test-world";
import { finder, type TestOptions, type TestRun, type Trace } from "./test-run";

const WORKER = ProcessId.parse("00000000-0000-4000-8000-000000000000");

/** Runs a DAG to its end in this process, one task at a time, by the scheduler's own rules and a clock of its own. */
export async function testDag(
  dag: DagInside,
  options: Partial<TestOptions<unknown>> = {},
  world: World = givenWorld(options),
): Promise<TestRun> {
  const { now: start = new Date(), mocks = [] } = options;
  let now = new Date(start);
  const head = await testHead(dag, options.params, { now, logicalDate: world.logicalDate ?? null });
  const facts = factsOf(head);
  const graph = buildGraph(dag.serialized);
  const progress = { state: "queued", intent: null, reason: null, error: null, clearNumber: 0 } as const;
  const run = runState(head, { ...progress, startedAt: null, endedAt: null }, graph, newTasks(graph));
  const mocked = new Map(mocks.flatMap((mock) => mockInside(mock) ?? []).map(({ id, run }) => [id, run]));
  const traces = new Map(graph.nodes.map(({ id }) => [id, newTrace()]));
  const callbacks: Happened[] = [];

  async function attempt(at: number): Promise<void> {
    const node = graph.nodes[at];
    const trace = node && traces.get(node.id);
    const call = node && (mocked.get(node.id) ?? dag.tasks.get(node.id)?.run);
    if (!trace || !call) throw new Error(`The run of ${dag.id} has no task at position ${at}.`);

    const exec = Exec.parse(crypto.randomUUID());
    advanceTask(run, at, { type: "dispatched", newExec: exec, worker: WORKER }, now);
    const number = run.tasks[at]?.attempt ?? 1;
    trace.attempts += 1;
    world.onMove?.(node.id, "running", number);
    const value = (id: TaskId) => traces.get(id)?.result;
    const ended = await testAttempt({
      ...{ dag, node, run: facts, exec, number, now, call, value, log: trace.log },
      world,
    });
    if (ended.error) trace.error = ended.error;
    trace.result = ended.result;
    advanceTask(run, at, ended.event, now);
    const state = run.tasks[at]?.state ?? "none";
    world.onMove?.(node.id, state, number, ended.error);
    callbacks.push(...told(head, node, state, number, ended.error));
  }

  startRun(run, now);
  for (let next = whatIsNext(run.tasks); next; next = whatIsNext(run.tasks)) {
    if (next.kind === "ready") await attempt(next.at);
    else {
      now = new Date(Math.max(now.getTime(), next.wakeAt.getTime()));
      advanceTask(run, next.at, { type: "due" }, now);
    }
  }

  const state = run.progress.state === "success" ? "success" : "failed";
  callbacks.push(...toldOfRun(dag, head, state, run.tasks, traces));
  const tasks = run.tasks.map(({ taskId, state }) => {
    const { error, ...trace } = traces.get(taskId) ?? newTrace();
    return [taskId, { state, ...trace, ...(error && { error }) }] as const;
  });
  return { state, callbacks, task: finder(new Map(tasks)) };
}

const newTrace = (): Trace => ({ attempts: 0, result: undefined, error: undefined, log: [] });

type Next =
  | { readonly kind: "ready"; readonly at: number }
  | { readonly kind: "due"; readonly at: number; readonly wakeAt: Date };

/** A task that may start now; without one, the retry that is due first. undefined: the run is over. */
function whatIsNext(tasks: readonly TaskInstance[]): Next | undefined {
  const ready = tasks.findIndex(({ state }) => state === "scheduled");
  if (ready >= 0) return { kind: "ready", at: ready };
  return tasks
    .flatMap(({ wakeAt }, at) => (wakeAt ? [{ kind: "due", at, wakeAt } as const] : []))
    .sort((a, b) => a.wakeAt.getTime() - b.wakeAt.getTime())
    .at(0);
}

const EVENTS = {
  success: { event: "success", list: "onSuccess" },
  failed: { event: "failure", list: "onFailure" },
  up_for_retry: { event: "retry", list: "onRetry" },
} as const;

const hasEvent = (state: TaskState): state is keyof typeof EVENTS => state in EVENTS;

function told(head: RunHead, node: Node, state: TaskState, attempt: number, error?: Error): Happened[] {
  if (!hasEvent(state)) return [];
  const { event, list } = EVENTS[state];
  return node.settings[list].map(() => ({
    ...{ event, dagId: head.dagId, runId: head.runId, taskId: node.id, mapIndex: -1, attempt },
    ...(error && { error: factsOfError(error) }),
    ...NOT_REAL,
  }));
}

/** A failed run is told once, by its first failed task. */
function toldOfRun(
  dag: DagInside,
  head: RunHead,
  state: "success" | "failed",
  tasks: readonly TaskInstance[],
  traces: ReadonlyMap<string, Trace>,
): Happened[] {
  const { event, list } = EVENTS[state];
  const failed = tasks
    .filter((task) => task.state === "failed")
    .sort((a, b) => (a.endedAt?.getTime() ?? 0) - (b.endedAt?.getTime() ?? 0))
    .at(0);
  const error = failed && traces.get(failed.taskId)?.error;
  return dag.serialized.settings[list].map(() => ({
    ...{ event, dagId: head.dagId, runId: head.runId },
    ...(state === "failed" && failed && { taskId: failed.taskId, attempt: failed.attempt }),
    ...(state === "failed" && error && { error: factsOfError(error) }),
    ...NOT_REAL,
  }));
}

/** The fake clock stands still while a task runs, and there is no page to look at. */
const NOT_REAL = { durationMs: 0, url: "" } as const;

const factsOfError = ({ message, stack }: Error) => ({ message, ...(stack !== undefined && { stack }) });
