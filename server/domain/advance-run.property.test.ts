import fc from "fast-check";
import { expect, it } from "vitest";
import { anyAction, anyShape, type Action, type ShapeOfRun } from "../testing/run-script";
import { nextByItself, runWalk } from "../testing/run-walk";
import type { Decision } from "./decisions";
import { hasEnded, runState, type RunState } from "./run-state";
import { isTerminal, type TaskInstance } from "./task-instance";

/** For machines that do other things besides. */
const TIMEOUT_MS = 60_000;

/** `expect` costs more than what is tested here, 30 tasks and 120 events at a time. */
function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** What must be true of a run between any two events. */
function check(run: RunState): void {
  const { head, progress, graph, tasks, blocks, open, active } = run;
  const counted = runState(head, progress, graph, [...tasks]);
  must(open === counted.open && active === counted.active, "open and active are what a recount gives");
  blocks.forEach((block, at) => {
    const { unfinished, failed, skipped } = counted.blocks[at] ?? block;
    const same = block.unfinished === unfinished && block.failed === failed && block.skipped === skipped;
    must(same, `what blocks task ${at} is what a recount gives`);
  });

  // I6. An intent decides where a run ends, otherwise its leaves do; it ends with its last task and not before.
  must(progress.state !== "running" || open > 0, "a run ends with its last task");
  must(!hasEnded(progress) || open === 0, "an ended run has no open task");
  must(!progress.intent || progress.state === "running", "only a running run still has to heed an intent");

  tasks.forEach((task, at) => {
    const upstream = (graph.upstream[at] ?? []).map((up) => tasks[up]?.state ?? "none");
    if (task.state === "scheduled") {
      must(
        upstream.every((state) => state === "success"),
        "no task is ready before its upstream has succeeded",
      );
    }
    must(Math.min(...Object.values(task.left)) >= 0, "no budget is overdrawn");
    if (task.state === "none" && progress.state === "running") {
      must(!upstream.every(isTerminal), "a task waits only for somebody who will act");
    }
    if (progress.intent)
      must(isTerminal(task.state) || task.exec !== null, "only live tasks outlast an intent");
  });
}

/** The rows and the history as the decisions would have written them, and what decisions may say. */
function ledger(run: RunState) {
  const rows: TaskInstance[] = [...run.tasks];
  const history = run.tasks.map((): number[] => []);
  const ended = new Set<string>();
  const told = new Set<string>();

  function write(decision: Decision, action: Action): void {
    switch (decision.kind) {
      case "move_task": {
        const { at, before, after } = decision;
        must(rows[at] === before, "a decision is about the row as the last one left it");
        const byPeople = action.type === "clear" || action.type === "mark";
        must(byPeople || !isTerminal(before.state), "terminal is final except by people"); // I16
        rows[at] = after;
        break;
      }
      case "end_attempt":
        must(!ended.has(decision.task.exec ?? ""), "an attempt ends once");
        ended.add(decision.task.exec ?? "");
        history[decision.at]?.push(decision.task.attempt);
        break;
      case "stop_attempt":
        must(!told.has(decision.exec), "an attempt is told to end once");
        told.add(decision.exec);
        break;
      case "move_run":
      case "forget_results":
        break;
    }
  }

  return function take(decisions: readonly Decision[], action: Action): void {
    for (const decision of decisions) write(decision, action);
    run.tasks.forEach((task, at) => {
      must(rows[at] === task, "whatever moved was decided");
      const numbers = history[at] ?? [];
      must(
        numbers.every((number, i) => number === i + 1),
        `attempts ${numbers.join()} of a task are numbered without a gap`,
      );
      const begun = task.exec !== null || task.dispatchedAt === null || task.state === "scheduled";
      must(task.attempt - numbers.length === (begun ? 1 : 0), "whatever was live and is over has its row");
      const ends = task.exec !== null && (task.intent !== null || task.state === "restarting");
      must(!ends || told.has(task.exec), "an attempt that is to end is told so");
    });
  };
}

function walk(shape: ShapeOfRun, actions: readonly Action[]): void {
  const { run, act } = runWalk(shape);
  const take = ledger(run);
  const step = (action: Action) => {
    take(act(action) ?? [], action);
    check(run);
  };
  actions.forEach(step);

  // From wherever that led, the end is reached by nothing but waiting.
  let steps = 0;
  for (let next = nextByItself(run); next; next = nextByItself(run)) {
    step(next);
    must((steps += 1) < 40 * (run.tasks.length + 1), "the end comes");
  }
  must(hasEnded(run.progress), "the end comes");
}

it(
  "keeps counters, states and history in step, whatever happens to whatever graph, and always comes to an end",
  () => {
    const holds = fc.property(anyShape(30), fc.array(anyAction, { maxLength: 120, size: "max" }), walk);
    fc.assert(holds, { numRuns: 120 });
  },
  TIMEOUT_MS,
);

it(
  "does so for the small graphs, where everything meets",
  () => {
    const holds = fc.property(anyShape(4), fc.array(anyAction, { maxLength: 60, size: "max" }), walk);
    fc.assert(holds, { numRuns: 600 });
  },
  TIMEOUT_MS,
);

it(
  "gives the same run state for the same task states, however they came about",
  () => {
    const holds = fc.property(
      anyShape(8),
      fc.array(anyAction, { maxLength: 60, size: "max" }),
      (shape, actions) => {
        const { run, act } = runWalk(shape);
        let intended: string | undefined;
        for (const action of actions) {
          for (const decision of act(action) ?? []) {
            if (decision.kind !== "move_run") continue;
            const { before, after } = decision;
            if (hasEnded(after) && !hasEnded(before)) intended = (before.intent ?? undefined)?.to;
          }
          if (!hasEnded(run.progress)) continue;
          const leaves = run.graph.leaves.map((at) => run.tasks[at]?.state ?? "none");
          const failed = leaves.includes("failed") || leaves.includes("upstream_failed");
          expect(run.progress.state).toBe(intended ?? (failed ? "failed" : "success"));
        }
      },
    );
    fc.assert(holds, { numRuns: 300 });
  },
  TIMEOUT_MS,
);
