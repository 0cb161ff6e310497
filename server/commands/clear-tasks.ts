import { z } from "zod";
import { advanceTasks } from "../domain/advance-run";
import type { Decision } from "../domain/decisions";
import type { Graph } from "../domain/graph";
import { DagId, RunId } from "../domain/ids";
import type { RunState } from "../domain/run-state";
import { CommandKey, Expired, requestCommand, RunNotFound, type Door, type Waiting } from "./request-command";
import { Preview, previewOf, selectForClear, TaskScope, type SelectedTask } from "./select-tasks";

/** What to clear, as a dialog or a command line asks for it. */
export const ClearScope = z.strictObject({ ...TaskScope.shape, onlyFailed: z.boolean() });
export type ClearScope = z.infer<typeof ClearScope>;

export const ClearTasksArguments = z.strictObject({
  dagId: DagId,
  runId: RunId,
  scope: ClearScope,
  /** An ended run goes on with the DAG's newest version, or with the one that it had. */
  version: z.enum(["latest", "original"]).default("latest"),
  digest: z.string().max(64),
  idempotencyKey: CommandKey,
});
export type ClearTasksArguments = z.infer<typeof ClearTasksArguments>;

export const ClearTasksOutcome = z.discriminatedUnion("kind", [
  /** `stopping` of them are running: each becomes a new attempt once its exit is sure. */
  z.object({ kind: z.literal("cleared"), count: z.int(), stopping: z.int() }),
  /** Something changed since the preview was shown; here is the new one. */
  z.object({ kind: z.literal("conflict"), preview: Preview }),
  z.object({ kind: z.literal("nothing_to_clear") }),
  RunNotFound,
  Expired,
]);
export type ClearTasksOutcome = z.infer<typeof ClearTasksOutcome>;

/** What a clear would do now. Any process may ask. */
export const previewClear = (tasks: readonly SelectedTask[], graph: Graph, scope: ClearScope): Preview =>
  previewOf(tasks, selectForClear(tasks, graph, scope));

/** The door's half: asks, and passes the owner's answer on. */
export function requestClear(door: Door, args: ClearTasksArguments): Promise<ClearTasksOutcome | Waiting> {
  return requestCommand(door, "clear_tasks", args, ClearTasksOutcome);
}

/** The owner's half: pure, flushed together with the outcome. */
export function applyClear(
  run: RunState,
  { scope, digest }: ClearTasksArguments,
  now: Date,
): { readonly outcome: ClearTasksOutcome; readonly decisions: readonly Decision[] } {
  const selected = selectForClear(run.tasks, run.graph, scope);
  const preview = previewOf(run.tasks, selected);
  if (preview.digest !== digest) return { outcome: { kind: "conflict", preview }, decisions: [] };
  if (selected.length === 0) return { outcome: { kind: "nothing_to_clear" }, decisions: [] };

  const decisions = advanceTasks(run, selected, { type: "clear", nodeExists: true }, now);
  const stopping = preview.tasks.filter(({ state }) => state === "running").length;
  return { outcome: { kind: "cleared", count: selected.length, stopping }, decisions };
}
