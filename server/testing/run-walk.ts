import { advanceTask, advanceTasks, intendRun, startRun } from "../domain/advance-run";
import type { Decision } from "../domain/decisions";
import { Exec } from "../domain/ids";
import type { RunState } from "../domain/run-state";
import type { TaskEvent } from "../domain/task-events";
import { isTerminal, type TaskInstance } from "../domain/task-instance";
import { takesReports } from "../domain/task-machine";
import type { Action, ShapeOfRun } from "./run-script";
import { aGraph, aRun, NOW, WORKER } from "./tasks";

/** Walks one run through what a script says, as its owner would, and keeps what it decided. */
export interface RunWalk {
  readonly run: RunState;
  /** Undefined: nothing there to which it could have happened. */
  readonly act: (action: Action) => readonly Decision[] | undefined;
}

const MINUTE_MS = 60_000;

export function runWalk({ after, retries, lostRetries }: ShapeOfRun): RunWalk {
  const ids = after.map((_, at) => `t${at}`);
  const graph = aGraph(
    Object.fromEntries(after.map((above, at) => [`t${at}`, above.map((up) => ids[up] ?? "")])),
    { retries, lostRetries },
  );
  const run = aRun(graph);
  let now = NOW;
  let execs = 0;
  const newExec = () => Exec.parse(`0193618e-4c00-7000-8000-${String((execs += 1)).padStart(12, "0")}`);
  const old: { readonly at: number; readonly exec: Exec }[] = [];

  function pick(which: number, is: (task: TaskInstance) => boolean): number | undefined {
    const found = run.tasks.flatMap((task, at) => (is(task) ? [at] : []));
    return found[which % found.length];
  }

  function onOne(
    which: number,
    is: (task: TaskInstance) => boolean,
    event: (task: TaskInstance) => TaskEvent,
  ) {
    const at = pick(which, is);
    const task = at === undefined ? undefined : run.tasks[at];
    if (at === undefined || !task) return undefined;
    if (task.exec) old.push({ at, exec: task.exec });
    return advanceTask(run, at, event(task), now);
  }

  const isLive = ({ exec }: TaskInstance) => exec !== null;
  const token = (task: TaskInstance) => ({ exec: task.exec ?? newExec() });

  function downstream(from: readonly number[]): number[] {
    const found = new Set(from);
    for (const at of found) for (const below of graph.downstream[at] ?? []) found.add(below);
    return [...found];
  }

  function act(action: Action): readonly Decision[] | undefined {
    now = new Date(now.getTime() + MINUTE_MS);
    switch (action.type) {
      case "start":
        return startRun(run, now);
      case "dispatch":
        return onOne(
          action.which,
          ({ state }) => state === "scheduled",
          () => ({ type: "dispatched", newExec: newExec(), worker: WORKER }),
        );
      case "started":
        return onOne(action.which, isLive, (task) => ({ type: "started", ...token(task), at: now }));
      case "timed_out":
        return onOne(
          action.which,
          ({ state }) => state === "running",
          (task) => ({ type: "timed_out", ...token(task) }),
        );
      case "due":
        return onOne(
          action.which,
          ({ wakeAt }) => wakeAt !== null,
          () => ({ type: "due" }),
        );
      case "exited":
      case "worker_lost":
      case "interrupted":
      case "never_started":
        return onOne(action.which, isLive, (task) => ({ type: action.type, ...token(task) }));
      case "returned":
      case "skip_thrown":
      case "failed":
      case "failed_for_good":
      case "retry":
      case "free_retry":
        // A word that comes too late still says that the attempt is over, as the scheduler reads it.
        return onOne(action.which, isLive, (task) =>
          takesReports(task) ? reportOf(action.type, task) : { type: "exited", ...token(task) },
        );
      case "stale": {
        const word = old[action.which % old.length];
        if (!word || run.tasks[word.at]?.exec === word.exec) return undefined;
        return advanceTask(run, word.at, { type: "returned", exec: word.exec }, now);
      }
      case "clear": {
        const named = [...new Set(action.which.flatMap((which) => pick(which, () => true) ?? []))];
        const all = action.downstream ? downstream(named) : named;
        return advanceTasks(run, all, { type: "clear", nodeExists: true }, now);
      }
      case "mark": {
        const named = [...new Set(action.which.flatMap((which) => pick(which, () => true) ?? []))];
        return advanceTasks(run, named, { type: "mark", to: action.to }, now);
      }
      case "cancel":
        return intendRun(run, { to: "failed", reason: "cancelled" }, now);
      case "run_timeout":
        return intendRun(run, { to: "failed", reason: "run_timeout" }, now);
    }
  }

  function reportOf(
    type: Extract<
      Action["type"],
      "returned" | "skip_thrown" | "failed" | "failed_for_good" | "retry" | "free_retry"
    >,
    task: TaskInstance,
  ): TaskEvent {
    switch (type) {
      case "returned":
      case "skip_thrown":
        return { type, ...token(task) };
      case "failed":
      case "failed_for_good":
        return { type: "failed", ...token(task), retryable: type === "failed", delayMs: null };
      case "retry":
      case "free_retry":
        return { type: "retry_thrown", ...token(task), at: now, free: type === "free_retry" };
    }
  }

  return { run, act };
}

/** What would happen by itself if nothing were to go wrong any more: starts, dispatches, ends, waits that are over. */
export function nextByItself({ progress, tasks }: RunState): Action | undefined {
  if (progress.state === "queued") return { type: "start" };
  if (tasks.some(({ state }) => state === "scheduled")) return { type: "dispatch", which: 0 };
  if (tasks.some(({ exec }) => exec !== null)) return { type: "returned", which: 0 };
  if (tasks.some(({ wakeAt, state }) => wakeAt && !isTerminal(state))) return { type: "due", which: 0 };
  return undefined;
}
