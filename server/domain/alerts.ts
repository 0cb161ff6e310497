import type { Decision } from "./decisions";
import type { DagId, RunKey, TaskId } from "./ids";
import { hasEnded, type RunError, type RunState } from "./run-state";
import type { Callback, DagSettings } from "./serialized-dag";
import type { Reason, TaskInstance, TaskState } from "./task-instance";

/*
 * Who is to be told of what was just decided. One alert an attempt, event and entry of a list, ever: the key says so.
 * Told is what execution, a limit or a loss did, and that a person called a task failed. As in Airflow, a person who
 * cancels is not told that it failed, and what a person calls a success has succeeded in nothing.
 */

export const ALERT_EVENTS = ["success", "failure", "retry"] as const;
export type AlertEvent = (typeof ALERT_EVENTS)[number];
export const ALERT_LISTS = ["onSuccess", "onFailure", "onRetry"] as const;
export type AlertList = (typeof ALERT_LISTS)[number];

/** The attempt that is told of: it has a row of its own, unless it was never dispatched. */
export interface AttemptKey {
  readonly taskId: TaskId;
  readonly mapIndex: number;
  readonly attempt: number;
}

export interface Alert {
  readonly dedupeKey: string;
  readonly dagId: DagId;
  readonly runKey: RunKey;
  readonly version: number;
  readonly about: "task" | "run";
  /** Of a run: the first of its tasks that failed; null when none did. */
  readonly attempt: AttemptKey | null;
  readonly event: AlertEvent;
  readonly list: AlertList;
  readonly position: number;
  readonly callback: Callback;
  readonly happened: {
    /** Null for a retry: the attempt's own row has it. */
    readonly reason: Reason | null;
    /** Of a run, from its start. */
    readonly durationMs: number | null;
    /** How many tasks of the run had failed by then. */
    readonly failed: number;
    /** Of a run that failed without any of its tasks. */
    readonly error: RunError | null;
  };
}

const EVENTS = {
  success: { event: "success", list: "onSuccess" },
  failed: { event: "failure", list: "onFailure" },
  up_for_retry: { event: "retry", list: "onRetry" },
} as const satisfies { readonly [S in TaskState]?: object };

const isTold = (state: TaskState): state is keyof typeof EVENTS => Object.hasOwn(EVENTS, state);

/** @param settings of the version that the run is pinned to. */
export function alertsOf(
  decisions: readonly Decision[],
  settings: Pick<DagSettings, "onSuccess" | "onFailure">,
): Alert[] {
  return decisions.flatMap((decision) => {
    if (decision.kind === "move_task") return ofTask(decision);
    return decision.kind === "move_run" ? ofRun(decision, settings) : [];
  });
}

function ofTask({ run, at, before, after }: Extract<Decision, { kind: "move_task" }>): Alert[] {
  if (before.state === after.state || !isTold(after.state) || isPersons(after.state, after.reason)) return [];
  const { event, list } = EVENTS[after.state];
  const entries = run.graph.nodes[at]?.settings[list] ?? [];
  const attempt = keyOf(after);
  const place = `${attempt.taskId}/${attempt.mapIndex}/${attempt.attempt}`;
  return entries.map((callback, position) => ({
    ...{ ...of(run), about: "task", attempt, event, list, position, callback },
    dedupeKey: `task/${run.head.runKey}/${run.progress.clearNumber}/${place}/${list}/${position}`,
    happened: { reason: after.reason, durationMs: null, failed: failedTasks(run).length, error: null },
  }));
}

function ofRun(
  { run, before, after }: Extract<Decision, { kind: "move_run" }>,
  settings: Pick<DagSettings, "onSuccess" | "onFailure">,
): Alert[] {
  const { state, reason, startedAt, endedAt, clearNumber, error } = after;
  if (before.state === state || !hasEnded(after) || (state !== "success" && state !== "failed")) return [];
  if (isPersons(state, reason)) return [];
  const { event, list } = EVENTS[state];
  const entries = settings[list];
  if (entries.length === 0) return [];
  const failed = failedTasks(run);
  const [first] = state === "failed" ? failed : [];
  const durationMs = startedAt && endedAt ? endedAt.getTime() - startedAt.getTime() : null;
  return entries.map((callback, position) => ({
    ...{ ...of(run), about: "run", attempt: first ? keyOf(first) : null, event, list, position, callback },
    dedupeKey: `run/${run.head.runKey}/${clearNumber}/${list}/${position}`,
    happened: { reason, durationMs, failed: failed.length, error },
  }));
}

const of = ({ head: { dagId, runKey, version } }: RunState) => ({ dagId, runKey, version });

const keyOf = ({ taskId, mapIndex, attempt }: TaskInstance): AttemptKey => ({ taskId, mapIndex, attempt });

const isPersons = (state: keyof typeof EVENTS, reason: Reason | null) =>
  reason === "cancelled" || (state === "success" && reason === "marked");

/** The earliest end first; of several in one moment the one that stands first in the graph. */
function failedTasks({ tasks }: RunState): TaskInstance[] {
  return tasks
    .filter(({ state }) => state === "failed")
    .sort((a, b) => (a.endedAt?.getTime() ?? 0) - (b.endedAt?.getTime() ?? 0));
}

/** What a notifier goes through: it fails, hangs and is asked to wait as one. */
export const channelOf = ({ notifier, options }: Extract<Callback, { notifier: string }>): string => {
  const { connection } = options;
  return typeof connection === "string" ? `${notifier}:${connection}` : notifier;
};
