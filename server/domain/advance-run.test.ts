import { expect, it } from "vitest";
import { aGraph, aRun, EXEC, NEXT_EXEC, NOW, WORKER } from "../testing/tasks";
import { advanceTask, advanceTasks, intendRun, startRun } from "./advance-run";
import type { Decision } from "./decisions";
import { Exec } from "./ids";
import type { RunIntent, RunState } from "./run-state";
import type { TaskEvent } from "./task-events";

const CHAIN = aGraph({ a: [], b: ["a"], c: ["b"] });
const DIAMOND = aGraph({ top: [], left: ["top"], right: ["top"], end: ["left", "right"] });
const CANCEL: RunIntent = { to: "failed", reason: "cancelled" };
const CLEAR: TaskEvent = { type: "clear", nodeExists: true };

const exec = (n: number) => Exec.parse(`0193618e-4c00-7000-8000-${String(n).padStart(12, "0")}`);
const at = (run: RunState, id: string) => run.tasks.findIndex(({ taskId }) => taskId === id);
const states = (run: RunState) => run.tasks.map(({ state }) => state).join(" ");
const dispatch = (run: RunState, id: string, token: Exec = EXEC) =>
  advanceTask(run, at(run, id), { type: "dispatched", newExec: token, worker: WORKER }, NOW);
const returned = (run: RunState, id: string, token: Exec = EXEC) =>
  advanceTask(run, at(run, id), { type: "returned", exec: token }, NOW);
const failed = (run: RunState, id: string) =>
  advanceTask(run, at(run, id), { type: "failed", exec: EXEC, retryable: true, delayMs: null }, NOW);
const kinds = (decisions: readonly Decision[]) => decisions.map(({ kind }) => kind);

it("runs a chain, each link in the decision that ends the one before", () => {
  const run = aRun(CHAIN);
  expect(kinds(startRun(run, NOW))).toEqual(["move_run", "move_task"]);
  expect(states(run)).toBe("scheduled none none");
  dispatch(run, "a");
  expect(kinds(returned(run, "a"))).toEqual(["move_task", "end_attempt", "move_task"]);
  expect(states(run)).toBe("success scheduled none");
  dispatch(run, "b");
  returned(run, "b");
  dispatch(run, "c");
  expect(kinds(returned(run, "c"))).toEqual(["move_task", "end_attempt", "move_run"]);
  expect(run.progress).toMatchObject({ state: "success", reason: "returned", endedAt: NOW });
});

it("waits for both sides of a diamond", () => {
  const run = aRun(DIAMOND, "running", { top: { state: "success" } });
  advanceTask(run, at(run, "left"), { type: "rule_met" }, NOW);
  advanceTask(run, at(run, "right"), { type: "rule_met" }, NOW);
  dispatch(run, "left", exec(1));
  dispatch(run, "right", exec(2));
  returned(run, "right", exec(2));
  expect(states(run)).toBe("success running success none");
  returned(run, "left", exec(1));
  expect(states(run)).toBe("success success success scheduled");
});

it("lets a failure go down to the leaves, and the run fails by them", () => {
  const run = aRun(DIAMOND, "running", { top: { state: "success" }, left: { state: "running" } });
  advanceTask(run, at(run, "right"), { type: "rule_met" }, NOW);
  failed(run, "left");
  expect(states(run)).toBe("success failed scheduled upstream_failed");
  expect(run.tasks.at(-1)).toMatchObject({ reason: "upstream" });
  expect(run.progress.state).toBe("running"); // right is still to run
  dispatch(run, "right");
  returned(run, "right");
  expect(run.progress).toMatchObject({ state: "failed", reason: "error" });
});

it("lets a skip go down, and a run of skipped leaves is a success", () => {
  const run = aRun(CHAIN, "running", { a: { state: "running" } });
  advanceTask(run, 0, { type: "skip_thrown", exec: EXEC }, NOW);
  expect(states(run)).toBe("skipped skipped skipped");
  expect(run.progress.state).toBe("success");
});

it("counts a failure upstream more than a skip", () => {
  const graph = aGraph({ a: [], b: [], c: ["a", "b"] });
  const run = aRun(graph, "running", { a: { state: "skipped" }, b: { state: "running" } });
  failed(run, "b");
  expect(states(run)).toBe("skipped failed upstream_failed");
});

it("ends by its leaves: a failure that nothing depends on any more was made up for", () => {
  const graph = aGraph({ a: [], b: ["a"] });
  const run = aRun(graph, "running", { a: { state: "failed" }, b: { state: "upstream_failed" } });
  advanceTasks(run, [1], { type: "mark", to: "success" }, NOW);
  expect(run.progress.state).toBe("success");
});

it("tries again after the delay, under the next number", () => {
  const run = aRun(CHAIN, "running", {
    a: { state: "running", left: { retry: 1, lost: 1, interrupted: 1, queue_timeout: 1 } },
  });
  expect(failed(run, "a")).toContainEqual(
    expect.objectContaining({ kind: "end_attempt", state: "failed", reason: "error" }),
  );
  expect(run.tasks[0]).toMatchObject({ state: "up_for_retry", left: { retry: 0 }, attempt: 1 });
  advanceTask(run, 0, { type: "due" }, NOW);
  expect(run.tasks[0]).toMatchObject({ state: "scheduled", attempt: 2 });
  expect(run.progress.state).toBe("running");
});

it("ends an empty DAG as it starts", () => {
  const run = aRun(aGraph({}));
  expect(kinds(startRun(run, NOW))).toEqual(["move_run", "move_run"]);
  expect(run.progress).toMatchObject({ state: "success", startedAt: NOW, endedAt: NOW });
});

it("starts a run once, and nothing of one that has no place yet", () => {
  const run = aRun(CHAIN, "success", {
    a: { state: "success" },
    b: { state: "failed" },
    c: { state: "skipped" },
  });
  expect(startRun(run, NOW)).toEqual([]);
  advanceTasks(run, [1, 2], CLEAR, NOW);
  expect(run.progress.state).toBe("queued"); // maxActiveRuns counts for a cleared run, too
  expect(states(run)).toBe("success none none");
  startRun(run, NOW);
  expect(states(run)).toBe("success scheduled none");
  expect(startRun(run, NOW)).toEqual([]);
});

it("clears with downstream while it runs: what is live is ended first", () => {
  const run = aRun(DIAMOND, "running", {
    ...{ top: { state: "success" }, left: { state: "running" }, right: { state: "success" } },
  });
  const cleared = advanceTasks(run, [0, 1, 2], CLEAR, NOW);
  expect(states(run)).toBe("scheduled restarting none none");
  expect(cleared).toContainEqual(
    expect.objectContaining({ kind: "stop_attempt", exec: EXEC, worker: WORKER, why: "cleared" }),
  );
  // The old attempt's late success is not the new one's.
  returned(run, "left");
  expect(states(run)).toBe("scheduled restarting none none");
  const ended = advanceTask(run, 1, { type: "exited", exec: EXEC }, NOW);
  expect(kinds(ended)).toEqual(["move_task", "end_attempt", "forget_results"]);
  expect(ended[1]).toMatchObject({ state: "failed", reason: "cleared" });
  expect(states(run)).toBe("scheduled none none none");
  expect(run.tasks[1]).toMatchObject({ attempt: 2 });
});

it("takes back what was about to start when its upstream is cleared alone", () => {
  const run = aRun(CHAIN, "running", { a: { state: "success" }, b: { state: "scheduled" } });
  advanceTasks(run, [0], CLEAR, NOW);
  expect(states(run)).toBe("scheduled none none");
});

it("lets a retry wait for its upstream when that was cleared alone", () => {
  const run = aRun(CHAIN, "running", { a: { state: "success" }, b: { state: "up_for_retry" } });
  advanceTasks(run, [0], CLEAR, NOW);
  expect(states(run)).toBe("scheduled up_for_retry none");
  advanceTask(run, 1, { type: "due" }, NOW);
  expect(states(run)).toBe("scheduled none none");
  dispatch(run, "a");
  returned(run, "a");
  expect(run.tasks[1]).toMatchObject({ state: "scheduled", attempt: 2 });
});

it("fails what waited when a success upstream is marked a failure", () => {
  const run = aRun(CHAIN, "running", { a: { state: "success" }, b: { state: "scheduled" } });
  advanceTasks(run, [0], { type: "mark", to: "failed" }, NOW);
  expect(states(run)).toBe("failed upstream_failed upstream_failed");
  expect(run.progress.state).toBe("failed");
});

it("finds the state of an ended run anew when one of its tasks is marked", () => {
  const run = aRun(CHAIN, "failed", {
    ...{ a: { state: "success" }, b: { state: "success" }, c: { state: "failed" } },
  });
  advanceTasks(run, [2], { type: "mark", to: "success" }, NOW);
  expect(run.progress).toMatchObject({ state: "queued", clearNumber: 1 });
  startRun(run, NOW);
  expect(run.progress).toMatchObject({ state: "success", intent: null });
});

it("cancels: waiting tasks at once, live ones and the run with the last exit", () => {
  const run = aRun(CHAIN, "running", { a: { state: "running" } });
  const decisions = intendRun(run, CANCEL, NOW);
  expect(states(run)).toBe("running skipped skipped");
  expect(decisions.at(-1)).toMatchObject({ kind: "move_task" });
  expect(decisions).toContainEqual(expect.objectContaining({ kind: "stop_attempt", why: "cancelled" }));
  expect(run.progress).toMatchObject({ state: "running", intent: CANCEL });
  expect(returned(run, "a")).toEqual([]); // too late
  advanceTask(run, 0, { type: "exited", exec: EXEC }, NOW);
  expect(states(run)).toBe("failed skipped skipped");
  expect(run.progress).toMatchObject({ state: "failed", reason: "cancelled", intent: null });
});

it("cancels a run without live tasks, queued or not, at once", () => {
  for (const state of ["queued", "running"] as const) {
    const run = aRun(CHAIN, state);
    intendRun(run, CANCEL, NOW);
    expect(run.progress).toMatchObject({ state: "failed", reason: "cancelled" });
    expect(states(run)).toBe("skipped skipped skipped");
  }
});

it("ends at its time limit, with its own reason; a person's cancel replaces that", () => {
  const run = aRun(CHAIN, "running", { a: { state: "running" }, b: { state: "up_for_retry" } });
  intendRun(run, { to: "failed", reason: "run_timeout" }, NOW);
  expect(run.tasks.map(({ reason }) => reason)).toEqual([null, "run_timeout", "run_timeout"]);
  expect(run.tasks[1]).toMatchObject({ state: "failed" });
  intendRun(run, CANCEL, NOW);
  advanceTask(run, 0, { type: "worker_lost", exec: EXEC }, NOW);
  expect(run.tasks[0]).toMatchObject({ state: "failed", reason: "cancelled" });
  expect(run.progress).toMatchObject({ state: "failed", reason: "cancelled" });
});

it("heeds what a person says of one task after the cancel of its run", () => {
  const run = aRun(CHAIN, "running", { a: { state: "running" } });
  intendRun(run, CANCEL, NOW);
  advanceTasks(run, [0], { type: "mark", to: "success" }, NOW);
  advanceTask(run, 0, { type: "exited", exec: EXEC }, NOW);
  expect(run.tasks[0]).toMatchObject({ state: "success", reason: "marked" });
});

it("applies a run's cancel to a restarting task once it is none", () => {
  const run = aRun(CHAIN, "running", { a: { state: "running" } });
  advanceTasks(run, [0], CLEAR, NOW);
  intendRun(run, CANCEL, NOW);
  expect(states(run)).toBe("restarting skipped skipped");
  advanceTask(run, 0, { type: "exited", exec: EXEC }, NOW);
  expect(states(run)).toBe("skipped skipped skipped");
  expect(run.progress).toMatchObject({ state: "failed", reason: "cancelled" });
});

it("lets a clear beat the cancel before it", () => {
  const run = aRun(CHAIN, "running", { a: { state: "running" } });
  intendRun(run, CANCEL, NOW);
  advanceTasks(run, [0, 1, 2], CLEAR, NOW);
  expect(states(run)).toBe("restarting none none");
  advanceTask(run, 0, { type: "exited", exec: EXEC }, NOW);
  expect(states(run)).toBe("scheduled none none");
  expect(run.progress).toMatchObject({ state: "running", intent: null });
});

it("tells a live attempt once that it is to end", () => {
  const run = aRun(CHAIN, "running", { a: { state: "running" } });
  const all = [
    ...advanceTask(run, 0, { type: "timed_out", exec: EXEC }, NOW),
    ...intendRun(run, CANCEL, NOW),
    ...advanceTasks(run, [0], CLEAR, NOW),
  ];
  expect(all.filter(({ kind }) => kind === "stop_attempt")).toHaveLength(1);
});

it("ends with a reason where nothing would ever move again", () => {
  const run = aRun(aGraph({ a: ["b"], b: ["a"], c: [] })); // no loader lets this through
  startRun(run, NOW);
  dispatch(run, "c");
  returned(run, "c");
  expect(states(run)).toBe("skipped skipped success");
  expect(run.progress).toMatchObject({ state: "failed", reason: "deadlock" });
});

it("keeps an attempt that goes on later out of the history", () => {
  const run = aRun(CHAIN, "running", { a: { state: "running" } });
  const decisions = advanceTask(run, 0, { type: "pending", exec: EXEC, wakeAt: NOW }, NOW);
  expect(kinds(decisions)).toEqual(["move_task"]);
});

it("refuses words of another execution", () => {
  const run = aRun(CHAIN, "running", { a: { state: "running" } });
  expect(returned(run, "a", NEXT_EXEC)).toEqual([]);
  expect(states(run)).toBe("running none none");
});
