import { createHash } from "node:crypto";
import { z } from "zod";
import type { Graph } from "../domain/graph";
import { TaskId } from "../domain/ids";
import type { EventType } from "../domain/task-events";
import { TASK_STATES, type MarkState, type TaskState } from "../domain/task-instance";
import { TASK_MOVES } from "../domain/task-moves";

/*
 * Which tasks a clear or a mark is about: asked by the door over rows, to show them, and by the owner over its memory, to
 * move them. One function and one digest for both, so that what was confirmed is what happens.
 */

/** As much of a task as a person is shown, and as the digest covers. */
export const SelectedTask = z.object({
  taskId: TaskId,
  mapIndex: z.int(),
  state: z.enum(TASK_STATES),
  attempt: z.int(),
});
export type SelectedTask = Readonly<z.infer<typeof SelectedTask>>;

export const Preview = z.object({
  tasks: z.array(SelectedTask),
  /** Of the list above. Whoever confirms says with it which list was confirmed. */
  digest: z.string(),
});
export type Preview = z.infer<typeof Preview>;

export const TaskScope = z.strictObject({
  taskIds: z.array(TaskId).min(1).max(1_000),
  /** One instance of a mapped task; null: all of them. */
  mapIndex: z.int().nullable(),
  withDownstream: z.boolean(),
});
export type TaskScope = z.infer<typeof TaskScope>;

interface Selectable {
  readonly taskId: TaskId;
  readonly mapIndex: number;
  readonly state: TaskState;
  readonly attempt: number;
}

/** The table, so that nobody is shown a task whose state knows no such move. */
const MOVES: Readonly<Record<TaskState, { readonly [E in EventType]?: readonly TaskState[] }>> = TASK_MOVES;

/** Indices into `tasks` of what a clear moves. */
export function selectForClear(
  tasks: readonly Selectable[],
  graph: Graph,
  scope: TaskScope & { readonly onlyFailed: boolean },
): number[] {
  return select(tasks, graph, scope, ({ taskId, state }) => {
    if (scope.onlyFailed && state !== "failed" && state !== "upstream_failed") return false;
    // Not in the version that the run goes on with: it stays as it ended.
    if (!graph.position.has(taskId)) return false;
    // Clearing a task that has not begun would change nothing that anybody sees.
    return state !== "none" && MOVES[state].clear !== undefined;
  });
}

/** Indices into `tasks` of what a mark moves. A running task only gets the intent, and moves when its exit is sure. */
export function selectForMark(
  tasks: readonly Selectable[],
  graph: Graph,
  scope: TaskScope & { readonly to: MarkState },
): number[] {
  return select(tasks, graph, scope, ({ state }) => {
    return state === "running" || MOVES[state].mark?.includes(scope.to) === true;
  });
}

export function previewOf(tasks: readonly Selectable[], selected: readonly number[]): Preview {
  const shown = selected
    .flatMap((at) => tasks[at] ?? [])
    .map(({ taskId, mapIndex, state, attempt }) => {
      return { taskId, mapIndex, state, attempt };
    });
  return { tasks: shown, digest: digestOf(shown) };
}

/** The same set has the same digest, in whatever order rows or memory hold it. */
function digestOf(tasks: readonly SelectedTask[]): string {
  const lines = tasks.map((task) => `${task.taskId}[${task.mapIndex}] ${task.attempt} ${task.state}`).sort();
  return createHash("sha256").update(lines.join("\n")).digest("base64url");
}

function select(
  tasks: readonly Selectable[],
  graph: Graph,
  { taskIds, mapIndex, withDownstream }: TaskScope,
  moves: (task: Selectable) => boolean,
): number[] {
  const named = new Set(taskIds);
  const wanted = withDownstream ? new Set([...named, ...downstreamOf(graph, named)]) : named;
  return tasks.flatMap((task, at) => {
    const instance = mapIndex === null || !named.has(task.taskId) || task.mapIndex === mapIndex;
    return wanted.has(task.taskId) && instance && moves(task) ? [at] : [];
  });
}

function downstreamOf(graph: Graph, taskIds: ReadonlySet<TaskId>): TaskId[] {
  const found = new Set([...taskIds].flatMap((taskId) => graph.position.get(taskId) ?? []));
  // A Set that grows while it is walked is the whole search: each task is visited once.
  for (const at of found) for (const below of graph.downstream[at] ?? []) found.add(below);
  return [...found].flatMap((at) => graph.nodes[at]?.id ?? []);
}
