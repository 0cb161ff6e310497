import { z } from "zod";
import { advanceTasks } from "../domain/advance-run";
import type { Decision } from "../domain/decisions";
import type { Graph } from "../domain/graph";
import { DagId, RunId } from "../domain/ids";
import type { RunState } from "../domain/run-state";
import { CommandKey, Expired, requestCommand, RunNotFound, type Door, type Waiting } from "./request-command";
import { Preview, previewOf, selectForMark, TaskScope, type SelectedTask } from "./select-tasks";

export const MARK_STATES = ["success", "failed", "skipped"] as const;

export const MarkScope = z.strictObject({ ...TaskScope.shape, to: z.enum(MARK_STATES) });
export type MarkScope = z.infer<typeof MarkScope>;

export const MarkTasksArguments = z.strictObject({
  dagId: DagId,
  runId: RunId,
  scope: MarkScope,
  digest: z.string().max(64),
  idempotencyKey: CommandKey,
});
export type MarkTasksArguments = z.infer<typeof MarkTasksArguments>;

export const MarkTasksOutcome = z.discriminatedUnion("kind", [
  /** `stopping` of them are running: they are told to end and take the state once their exit is sure. */
  z.object({ kind: z.literal("marked"), count: z.int(), stopping: z.int() }),
  z.object({ kind: z.literal("conflict"), preview: Preview }),
  z.object({ kind: z.literal("nothing_to_mark") }),
  RunNotFound,
  Expired,
]);
export type MarkTasksOutcome = z.infer<typeof MarkTasksOutcome>;

export const previewMark = (tasks: readonly SelectedTask[], graph: Graph, scope: MarkScope): Preview =>
  previewOf(tasks, selectForMark(tasks, graph, scope));

export function requestMark(door: Door, args: MarkTasksArguments): Promise<MarkTasksOutcome | Waiting> {
  return requestCommand(door, "mark_tasks", args, MarkTasksOutcome);
}

/** The owner's half: pure, flushed together with the outcome. */
export function applyMark(
  run: RunState,
  { scope, digest }: MarkTasksArguments,
  now: Date,
): { readonly outcome: MarkTasksOutcome; readonly decisions: readonly Decision[] } {
  const selected = selectForMark(run.tasks, run.graph, scope);
  const preview = previewOf(run.tasks, selected);
  if (preview.digest !== digest) return { outcome: { kind: "conflict", preview }, decisions: [] };
  if (selected.length === 0) return { outcome: { kind: "nothing_to_mark" }, decisions: [] };

  const decisions = advanceTasks(run, selected, { type: "mark", to: scope.to }, now);
  const stopping = preview.tasks.filter(({ state }) => state === "running").length;
  return { outcome: { kind: "marked", count: selected.length, stopping }, decisions };
}
