import { advanceTask, intendRun } from "../domain/advance-run";
import { apply, beganMs } from "./apply";
import { callbackDue } from "./callbacks";
import { checkDue } from "./check-params";
import type { Draft } from "./draft";
import type { Due, Engine } from "./engine";

/** What waits any longer waits for the next pass, so that the end of an outage does not flood the flush. */
const MAX_PER_PASS = 1_000;

/** Whatever has come due by the database's time. An entry may be stale: the task itself says what it waits for. */
export function takeDue(engine: Engine, draft: Draft): void {
  for (const due of engine.due.take(draft.now.getTime(), MAX_PER_PASS)) {
    if (!draft.scope.includes(due.dag.dagId)) {
      engine.due.add(draft.now.getTime(), due);
      continue;
    }
    // Dropped, released or loaded anew: whoever loaded it has set its timers again.
    if (engine.dags.get(due.dag.dagId) !== due.dag) continue;
    switch (due.kind) {
      case "task":
        taskDue(engine, draft, due);
        break;
      case "run_timeout":
        runDue(engine, draft, due);
        break;
      case "callback":
        callbackDue(engine, draft, due);
        break;
      case "check":
        checkDue(engine, draft, due);
        break;
      case "tick":
        engine.tickDags.add(due.dag);
        engine.wake();
        break;
    }
  }
}

function taskDue(engine: Engine, draft: Draft, { dag, run, at }: Extract<Due, { kind: "task" }>): void {
  const task = run.tasks[at];
  if (!task || dag.runs.get(run.head.runKey) !== run) return;
  if (task.wakeAt && task.wakeAt <= draft.now) {
    apply(engine, draft, dag, advanceTask(run, at, { type: "due" }, draft.now));
    return;
  }
  const timeoutMs = run.graph.nodes[at]?.settings.timeoutMs;
  const from = beganMs(task);
  if (task.state !== "running" || !task.exec || task.intent || !timeoutMs || from === undefined) return;
  const deadline = from + timeoutMs;
  if (deadline > draft.now.getTime()) {
    engine.due.add(deadline, { kind: "task", dag, run, at });
    return;
  }
  apply(engine, draft, dag, advanceTask(run, at, { type: "timed_out", exec: task.exec }, draft.now));
}

function runDue(engine: Engine, draft: Draft, { dag, run }: Extract<Due, { kind: "run_timeout" }>): void {
  const { timeoutMs } = dag.versions.get(run.head.version)?.dag.settings ?? {};
  const { state, startedAt, intent } = run.progress;
  if (dag.runs.get(run.head.runKey) !== run || state !== "running" || intent || !startedAt || !timeoutMs)
    return;
  if (startedAt.getTime() + timeoutMs > draft.now.getTime()) return;
  apply(engine, draft, dag, intendRun(run, { to: "failed", reason: "run_timeout" }, draft.now));
}
