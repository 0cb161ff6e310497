import fc from "fast-check";
import { expect, it } from "vitest";
import type { Decision } from "../domain/decisions";
import { buildGraph } from "../domain/graph";
import { DagId, RunId, RunKey, TaskId } from "../domain/ids";
import { newTasks, runState, type RunState, type RunStateName } from "../domain/run-state";
import { isLive, isTerminal, TASK_STATES, type TaskState } from "../domain/task-instance";
import { aDag } from "../testing/seed";
import { EXEC, NOW } from "../testing/tasks";
import { applyCancel } from "./cancel-run";
import { applyClear, ClearTasksArguments, previewClear } from "./clear-tasks";
import { applyMark, MARK_STATES, MarkTasksArguments, previewMark } from "./mark-tasks";

/** fetch -> decode -> save, and report beside them. */
const GRAPH = buildGraph(aDag({ tasks: { fetch: [], decode: ["fetch"], save: ["decode"], report: [] } }));
const IDS = GRAPH.nodes.map(({ id }) => id);

function aRun(states: readonly TaskState[], state: RunStateName = "running"): RunState {
  const head = {
    ...{ runKey: RunKey.parse(1), dagId: DagId.parse("hello"), runId: RunId.parse("manual__1") },
    ...({ type: "manual", logicalDate: null, intervalStart: NOW, intervalEnd: NOW, runAfter: NOW } as const),
    ...{ conf: {}, version: 1, triggeredBy: "cli:olga", queuedAt: NOW },
  };
  const ended = state === "success" || state === "failed";
  const progress = {
    ...{ state, intent: null, error: null, clearNumber: 0, startedAt: NOW, endedAt: ended ? NOW : null },
    reason: state === "failed" ? "error" : ended ? "returned" : null,
  } as const;
  const tasks = newTasks(GRAPH).map((task, at) => {
    const is = states[at] ?? "none";
    return {
      ...task,
      state: is,
      exec: isLive(is) ? EXEC : null,
      reason: isTerminal(is) ? ("error" as const) : null,
    };
  });
  return runState(head, progress, GRAPH, tasks);
}

const common = { dagId: "hello", runId: "manual__1", idempotencyKey: "key-number-1" };
const clearArgs = (scope: object, digest: string) =>
  ClearTasksArguments.parse({ ...common, digest, scope: { ...SCOPE, onlyFailed: false, ...scope } });
const markArgs = (scope: object, digest: string) =>
  MarkTasksArguments.parse({ ...common, digest, scope: { ...SCOPE, to: "success", ...scope } });
const SCOPE = { taskIds: ["fetch"], mapIndex: null, withDownstream: false };

const previewOfClear = (run: RunState, scope: object) =>
  previewClear(run.tasks, GRAPH, clearArgs(scope, "").scope);
const shown = (run: RunState, scope: object) => previewOfClear(run, scope).tasks.map(({ taskId }) => taskId);

const BROKEN = ["failed", "upstream_failed", "upstream_failed", "success"] as const;

it("clears what was named, or with it everything downstream", () => {
  const run = aRun(BROKEN, "failed");
  expect(shown(run, {})).toEqual(["fetch"]);
  expect(shown(run, { withDownstream: true })).toEqual(["fetch", "decode", "save"]);
  expect(shown(run, { taskIds: ["report"], withDownstream: true })).toEqual(["report"]);
});

it("leaves alone what has not begun, what is stopping, and with onlyFailed what went well", () => {
  const run = aRun(["success", "restarting", "none", "failed"]);
  expect(shown(run, { taskIds: IDS })).toEqual(["fetch", "report"]);
  expect(shown(run, { taskIds: IDS, onlyFailed: true })).toEqual(["report"]);
});

it("has one digest for one set, in whatever order it is read", () => {
  const { tasks } = aRun(BROKEN, "failed");
  const { scope } = clearArgs({ taskIds: IDS }, "");
  const { digest } = previewClear(tasks, GRAPH, scope);
  expect(previewClear(tasks.toReversed(), GRAPH, scope).digest).toBe(digest);
  const [first, ...others] = tasks;
  const moved = first ? [{ ...first, attempt: 2 }, ...others] : [];
  expect(previewClear(moved, GRAPH, scope).digest).not.toBe(digest);
});

it("answers with a new preview when a task has moved on since, and moves nothing", () => {
  const { digest } = previewOfClear(aRun(BROKEN, "failed"), {});
  const run = aRun(["running", "none", "none", "success"]);
  expect(applyClear(run, clearArgs({}, digest), NOW)).toEqual({
    outcome: { kind: "conflict", preview: previewOfClear(run, {}) },
    decisions: [],
  });
  expect(run.tasks.map(({ state }) => state)).toEqual(["running", "none", "none", "success"]);
});

it("counts what must stop first", () => {
  const run = aRun(["running", "none", "none", "success"]);
  const { digest } = previewOfClear(run, { taskIds: IDS });
  expect(applyClear(run, clearArgs({ taskIds: IDS }, digest), NOW).outcome).toEqual({
    ...{ kind: "cleared", count: 2, stopping: 1 },
  });
});

it("names one instance of a mapped task, and all instances of what is downstream", () => {
  const rows = ["fetch", "fetch", "decode", "decode"].map((id, at) => ({
    ...{ taskId: TaskId.parse(id), mapIndex: at % 2, state: "failed" as const, attempt: 1 },
  }));
  const { scope } = clearArgs({ mapIndex: 1, withDownstream: true }, "");
  const { tasks } = previewClear(rows, GRAPH, scope);
  expect(tasks.map(({ taskId, mapIndex }) => `${taskId}[${mapIndex}]`)).toEqual([
    "fetch[1]",
    "decode[0]",
    "decode[1]",
  ]);
});

const anyStates = fc.array(fc.constantFrom(...TASK_STATES), { minLength: IDS.length, maxLength: IDS.length });
const anyScope = fc.record({
  taskIds: fc.subarray([...IDS], { minLength: 1 }),
  withDownstream: fc.boolean(),
});
/** The moves in their order: those that were asked for come first, then what follows from them. */
const movedBy = (decisions: readonly Decision[]) =>
  decisions.flatMap((decision) => (decision.kind === "move_task" ? [decision.before] : []));

it("moves in a clear exactly what its preview showed", () => {
  fc.assert(
    fc.property(anyStates, anyScope, fc.boolean(), (states, scope, onlyFailed) => {
      const run = aRun(states);
      const { tasks, digest } = previewOfClear(run, { ...scope, onlyFailed });
      const { outcome, decisions } = applyClear(run, clearArgs({ ...scope, onlyFailed }, digest), NOW);
      const asked = movedBy(decisions).slice(0, tasks.length);
      expect(asked.map(({ taskId }) => taskId)).toEqual(tasks.map(({ taskId }) => taskId));
      const cleared = decisions.filter(
        (decision) => decision.kind === "move_task" && ["none", "restarting"].includes(decision.after.state),
      );
      // What was ready and has lost its upstream waits again: it is not run anew, so no preview shows it.
      expect(cleared.length - asked.length).toBe(
        movedBy(decisions)
          .slice(tasks.length)
          .filter(({ state }) => state === "scheduled").length,
      );
      expect(outcome.kind).toBe(tasks.length === 0 ? "nothing_to_clear" : "cleared");
    }),
  );
});

it("moves in a mark exactly what its preview showed", () => {
  fc.assert(
    fc.property(anyStates, anyScope, fc.constantFrom(...MARK_STATES), (states, scope, to) => {
      const run = aRun(states);
      const args = markArgs({ ...scope, to }, "");
      const { tasks, digest } = previewMark(run.tasks, GRAPH, args.scope);
      const { outcome, decisions } = applyMark(run, { ...args, digest }, NOW);
      const asked = movedBy(decisions).slice(0, tasks.length);
      expect(asked.map(({ taskId }) => taskId)).toEqual(tasks.map(({ taskId }) => taskId));
      expect(outcome.kind).toBe(tasks.length === 0 ? "nothing_to_mark" : "marked");
    }),
  );
});

it("cancels a run that lives and says so of one that has ended", () => {
  expect(applyCancel(aRun(["running", "running", "none", "none"]), NOW).outcome).toEqual({
    ...{ kind: "cancelling", running: 2 },
  });
  expect(applyCancel(aRun(BROKEN, "failed"), NOW)).toEqual({
    ...{ outcome: { kind: "already_ended", state: "failed" }, decisions: [] },
  });
});
