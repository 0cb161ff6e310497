import { expect, it } from "vitest";
import { aGraph, aRun, EXEC, NOW, WORKER } from "../testing/tasks";
import { advanceTask, advanceTasks, intendRun, startRun } from "./advance-run";
import { alertsOf, channelOf } from "./alerts";
import type { Decision } from "./decisions";
import type { RunState } from "./run-state";
import type { Callback } from "./serialized-dag";
import type { TaskEvent } from "./task-events";

const TELL: Callback = { notifier: "telegram", options: { connection: "ops" } };
const CALL: Callback = { fn: 1 };
const LISTS = { onSuccess: [TELL], onFailure: [TELL, CALL], onRetry: [TELL] };
const DAG = { onSuccess: [TELL], onFailure: [TELL] };
const LATER = new Date(NOW.getTime() + 1_000);

const running = (ids: readonly string[], retries = 0) =>
  aRun(
    aGraph(Object.fromEntries(ids.map((id) => [id, []])), { ...LISTS, retries }),
    "running",
    Object.fromEntries(ids.map((id) => [id, { state: "running" as const }])),
  );
const told = (decisions: readonly Decision[]) =>
  alertsOf(decisions, DAG).map(
    ({ about, event, attempt, list, position }) =>
      `${about} ${event} ${attempt?.taskId ?? "-"} ${list}[${position}]`,
  );
const keys = (decisions: readonly Decision[]) => alertsOf(decisions, DAG).map(({ dedupeKey }) => dedupeKey);
const happens = (run: RunState, event: TaskEvent, at = 0, now = NOW) => advanceTask(run, at, event, now);

it.each<[string, TaskEvent, string[]]>([
  ["an error", { type: "failed", exec: EXEC, retryable: true, delayMs: null }, ["failure", "failure"]],
  ["an exit", { type: "exited", exec: EXEC }, ["failure", "failure"]],
  ["a return", { type: "returned", exec: EXEC }, ["success"]],
  ["a skip", { type: "skip_thrown", exec: EXEC }, []],
  ["a lost worker that may be replaced", { type: "worker_lost", exec: EXEC }, []],
])("tells of %s", (_what, event, events) => {
  const run = running(["a", "b"]); // b goes on, so that the run does not end
  expect(alertsOf(happens(run, event), DAG).map((alert) => alert.event)).toEqual(events);
});

it("tells of a retry with the attempt that failed", () => {
  const run = running(["a"], 1);
  const [alert] = alertsOf(happens(run, { type: "exited", exec: EXEC }), DAG);
  expect(alert).toMatchObject({ event: "retry", list: "onRetry", attempt: { taskId: "a", attempt: 1 } });
});

it("tells of a timeout once the exit is confirmed, and not before", () => {
  const run = running(["a", "b"]);
  expect(told(happens(run, { type: "timed_out", exec: EXEC }))).toEqual([]);
  const alerts = alertsOf(happens(run, { type: "exited", exec: EXEC }), DAG);
  expect(alerts[0]).toMatchObject({ event: "failure", happened: { reason: "timeout" } });
});

it("tells of what a person marked failed, and of no success that a person declared", () => {
  const run = running(["a", "b", "c"]);
  expect(told(happens(run, { type: "mark", to: "failed" }))).toEqual([]);
  expect(told(happens(run, { type: "exited", exec: EXEC }))).toHaveLength(2);
  happens(run, { type: "mark", to: "success" }, 1);
  expect(told(happens(run, { type: "exited", exec: EXEC }, 1))).toEqual([]);
});

it("tells nobody that it was cancelled: who did that knows", () => {
  const run = running(["a"]);
  expect(told(intendRun(run, { to: "failed", reason: "cancelled" }, NOW))).toEqual([]);
  expect(told(happens(run, { type: "exited", exec: EXEC }))).toEqual([]);
  expect(run.progress.state).toBe("failed");
});

it("tells of a failed run once, by the task that failed first", () => {
  const run = running(["a", "b"]);
  happens(run, { type: "exited", exec: EXEC }, 1);
  const alerts = alertsOf(happens(run, { type: "exited", exec: EXEC }, 0, LATER), DAG);
  expect(alerts.filter(({ about }) => about === "run")).toMatchObject([
    { event: "failure", attempt: { taskId: "b", attempt: 1 }, happened: { reason: "error", failed: 2 } },
  ]);
});

it("tells of a run that failed without a failed task", () => {
  const run = aRun(aGraph({ a: [] }));
  startRun(run, NOW);
  const alerts = alertsOf(intendRun(run, { to: "failed", reason: "run_timeout" }, LATER), DAG);
  expect(alerts).toMatchObject([
    { about: "run", attempt: null, happened: { reason: "run_timeout", durationMs: 1_000, failed: 0 } },
  ]);
});

it("has one key for an attempt, and another for the one after a clear", () => {
  const run = running(["a"]);
  const failure = { type: "exited", exec: EXEC } as const;
  const first = keys(happens(run, failure));
  advanceTasks(run, [0], { type: "clear", nodeExists: true }, NOW);
  startRun(run, NOW);
  happens(run, { type: "dispatched", newExec: EXEC, worker: WORKER });
  const second = keys(happens(run, failure));
  expect(new Set([...first, ...second]).size).toBe(6);
});

it("gives each connection a channel of its own", () => {
  expect(channelOf({ notifier: "telegram", options: { connection: "ops" } })).toBe("telegram:ops");
  expect(channelOf({ notifier: "telegram", options: {} })).toBe("telegram");
});
