/*
 * How a run moves: one event at one task, and everything that follows from it in the graph. The only code that moves a
 * RunState. Deterministic: the same calls on the same rows give the same decisions.
 *
 *   event -> transition -> counters of the direct downstream -> their rule -> ... -> end of the run
 */
import type { Decision } from "./decisions";
import { moveRun, type RunEvent } from "./run-machine";
import { blockOf, hasEnded, type RunIntent, type RunState } from "./run-state";
import type { EventType, TaskEvent } from "./task-events";
import { isLive, isTerminal, type Reason, type TaskInstance, type TaskState } from "./task-instance";
import { transition } from "./task-machine";

/** Applies one event to the task at a position of the graph. Refused (stale, too late, no such move): nothing. */
export function advanceTask(run: RunState, at: number, event: TaskEvent, now: Date): Decision[] {
  const decisions: Decision[] = [];
  if (moveTask(run, at, event, now, decisions)) settle(run, [at], now, decisions);
  return decisions;
}

/** The same event at many tasks (a clear, a mark): all of them move before anything follows from it. */
export function advanceTasks(run: RunState, at: readonly number[], event: TaskEvent, now: Date): Decision[] {
  const decisions: Decision[] = [];
  const moved = at.filter((place) => moveTask(run, place, event, now, decisions));
  if (moved.length === 0) return decisions;
  // First the run: a cleared one is queued again, and nothing of it is scheduled before it runs.
  // (A mark in an ended run queues it too: its state is a function of its tasks, so it must be found anew.)
  if (event.type === "clear" || hasEnded(run.progress)) {
    changeRun(run, { type: "cleared" }, now, decisions);
  }
  // What was about to start must not, if its upstream is to run first.
  const below = moved.flatMap((place) => run.graph.downstream[place] ?? []);
  settle(run, [...moved, ...below.filter((place) => stateAt(run, place) === "scheduled")], now, decisions);
  return decisions;
}

/** A queued run gets its place: its first tasks are scheduled, or it ends at once when it has none. */
export function startRun(run: RunState, now: Date): Decision[] {
  const decisions: Decision[] = [];
  if (!changeRun(run, { type: "started" }, now, decisions)) return decisions;
  settle(run, [...run.tasks.keys()], now, decisions);
  return decisions;
}

/**
 * Cancel, mark or time limit of a whole run: live tasks are told to end, waiting ones move at once, and the run ends
 * with the last exit (at once when nothing is live).
 */
export function intendRun(run: RunState, intent: RunIntent, now: Date): Decision[] {
  const decisions: Decision[] = [];
  if (!changeRun(run, { type: "intended", intent }, now, decisions)) return decisions;
  for (const at of run.tasks.keys()) applyIntent(run, at, now, decisions);
  endIfDone(run, now, decisions);
  return decisions;
}

function applyIntent(run: RunState, at: number, now: Date, decisions: Decision[]): void {
  const { intent } = run.progress;
  const task = run.tasks[at];
  if (!intent || !task || isTerminal(task.state)) return;
  const { reason } = intent;
  const event: TaskEvent = reason === "marked" ? { type: "mark", to: intent.to } : { type: "cancel", reason };
  moveTask(run, at, event, now, decisions);
}

/** Moves one task and keeps the counters; what follows from it is `settle`'s. */
function moveTask(run: RunState, at: number, event: TaskEvent, now: Date, decisions: Decision[]): boolean {
  const before = run.tasks[at];
  if (!before) throw new Error(`Run ${run.head.runKey} has no task at position ${at}.`);
  const outcome = transition(before, event, now);
  if (outcome.kind === "refused") return false;
  const after = outcome.task;
  run.tasks[at] = after;
  count(run, at, before, after);
  decisions.push({ kind: "move_task", run, at, before, after });
  noteAttempt(run, at, event, before, after, decisions);
  noteStop(run, before, after, decisions);
  return true;
}

function count(run: RunState, at: number, before: TaskInstance, after: TaskInstance): void {
  run.open += Number(isTerminal(before.state)) - Number(isTerminal(after.state));
  run.active += Number(isActive(after)) - Number(isActive(before));
  const was = blockOf(before.state);
  const is = blockOf(after.state);
  if (was === is) return;
  for (const below of run.graph.downstream[at] ?? []) {
    const blocks = run.blocks[below];
    if (!blocks) continue;
    if (was) blocks[was] -= 1;
    if (is) blocks[is] += 1;
  }
}

const isActive = ({ state }: TaskInstance) => state !== "none" && !isTerminal(state);

/** What never started was no attempt, and one that waits for something goes on as the same attempt. */
const GOES_ON: ReadonlySet<EventType> = new Set(["never_started", "suspended", "pending", "asked"]);

/** The execution is over when its token is gone. */
function noteAttempt(
  run: RunState,
  at: number,
  event: TaskEvent,
  before: TaskInstance,
  after: TaskInstance,
  decisions: Decision[],
): void {
  const over = before.exec !== null && after.exec === null && before.state !== "queued";
  if (over && !GOES_ON.has(event.type)) {
    decisions.push({ kind: "end_attempt", run, at, task: before, ...endOfAttempt(event, before, after) });
  }
  if (before.state !== "none" && after.state === "none") decisions.push({ kind: "forget_results", run, at });
}

function endOfAttempt(event: TaskEvent, before: TaskInstance, after: TaskInstance) {
  if (before.state === "restarting") return { state: "failed", reason: "cleared" } as const;
  if (after.state === "success" || after.state === "skipped" || after.state === "failed") {
    return { state: after.state, reason: after.reason ?? "error" } as const;
  }
  return { state: "failed", reason: failureOf(event, before) } as const;
}

function failureOf(event: TaskEvent, before: TaskInstance): Reason {
  if (before.intent) return before.intent.reason;
  if (event.type === "worker_lost") return "lost";
  if (event.type === "interrupted" || event.type === "exited") return event.type;
  return "error";
}

function noteStop(run: RunState, before: TaskInstance, after: TaskInstance, decisions: Decision[]): void {
  const stops = after.state === "restarting" || (after.state === "running" && after.intent !== null);
  if (!stops || !after.exec || before.state === "restarting" || before.intent) return;
  const why = after.intent?.reason ?? "cleared";
  decisions.push({ kind: "stop_attempt", run, exec: after.exec, worker: after.worker, why });
}

/** Follows what moved downstream until nothing more moves. */
function settle(run: RunState, moved: readonly number[], now: Date, decisions: Decision[]): void {
  if (run.progress.state === "running") {
    const look = [...moved];
    for (let at = look.pop(); at !== undefined; at = look.pop()) {
      // Live ones were told when the run was; what a person has said of one of them since counts more.
      if (isWaiting(stateAt(run, at))) applyIntent(run, at, now, decisions);
      if (followRule(run, at, now, decisions) || isTerminal(stateAt(run, at))) {
        look.push(...(run.graph.downstream[at] ?? []).filter((below) => !isFollowed(stateAt(run, below))));
      }
    }
  }
  endIfDone(run, now, decisions);
}

const stateAt = (run: RunState, at: number): TaskState => run.tasks[at]?.state ?? "none";
const isWaiting = (state: TaskState) => !isTerminal(state) && state !== "running" && state !== "restarting";
/** Its rule has had its say: what happens upstream means nothing to it any more. */
const isFollowed = (state: TaskState) => state !== "none" && state !== "scheduled";

/** Trigger rule all_success. True when the task ended by it, so that its own downstream must be looked at. */
function followRule(run: RunState, at: number, now: Date, decisions: Decision[]): boolean {
  if (isFollowed(stateAt(run, at))) return false;
  const { failed, skipped, unfinished } = run.blocks[at] ?? { failed: 0, skipped: 0, unfinished: 0 };
  if (stateAt(run, at) === "scheduled") {
    if (failed + skipped + unfinished === 0) return false;
    moveTask(run, at, { type: "rule_unmet" }, now, decisions);
  }
  // A failure upstream counts more than a skip, and both count at once, as in Airflow.
  const to = failed > 0 ? "upstream_failed" : skipped > 0 ? "skipped" : undefined;
  if (to) return moveTask(run, at, { type: "rule_impossible", to }, now, decisions);
  if (unfinished === 0) moveTask(run, at, { type: "rule_met" }, now, decisions);
  return false;
}

function endIfDone(run: RunState, now: Date, decisions: Decision[]): void {
  if (hasEnded(run.progress)) return;
  const { intent } = run.progress;
  if (run.open > 0) {
    if (run.active > 0 || run.progress.state !== "running" || intent) return;
    // Nothing will ever move again: better an end with a reason than a run that hangs.
    changeRun(run, { type: "intended", intent: { to: "failed", reason: "deadlock" } }, now, decisions);
    for (const at of run.tasks.keys()) applyIntent(run, at, now, decisions);
  }
  const end = run.progress.intent ?? intent;
  if (end) {
    const { to, reason, error } = end;
    return void changeRun(run, { type: "ended", to, reason, error }, now, decisions);
  }
  if (run.progress.state !== "running") return;
  changeRun(run, { type: "ended", ...endByLeaves(run) }, now, decisions);
}

function endByLeaves(run: RunState): { to: "success" | "failed"; reason: Reason } {
  const failed = run.graph.leaves.some((at) => {
    const state = run.tasks[at]?.state;
    return state === "failed" || state === "upstream_failed";
  });
  return failed ? { to: "failed", reason: "error" } : { to: "success", reason: "returned" };
}

function changeRun(run: RunState, event: RunEvent, now: Date, decisions: Decision[]): boolean {
  const before = run.progress;
  const after = moveRun(before, event, now);
  if (!after) return false;
  run.progress = after;
  decisions.push({ kind: "move_run", run, before, after });
  return true;
}

/** Tasks that are executing or about to: what a cancel has to wait for. */
export const liveTasks = (run: RunState): TaskInstance[] => run.tasks.filter(({ state }) => isLive(state));
