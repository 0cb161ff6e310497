import { expect, it } from "vitest";
import { explainTask, type TaskFacts } from "./explain-task";
import { TaskId } from "./ids";

const READY: TaskFacts = {
  task: { state: "scheduled", wakeAt: null, ending: false, because: null },
  run: { state: "running", awaitsCheck: false },
  runs: { active: 1, maxActive: 16 },
  paused: false,
  owned: true,
  quarantine: null,
  upstream: [],
  dag: { activeTasks: 0, maxActiveTasks: 16 },
  workers: { count: 1, slots: 4, busy: 1 },
};
const upstream = [{ taskId: TaskId.parse("fetch"), state: "running" as const }];
const waking = new Date("2026-11-24T15:00:00Z");

it.each<[Partial<TaskFacts>, string]>([
  [{}, "Nothing stands in its way: it starts with the scheduler's next pass."],
  [{ upstream }, "Waits for fetch (running)."],
  [
    { dag: { activeTasks: 16, maxActiveTasks: 16 } },
    "16 of 16 tasks of this DAG are running. It starts when",
  ],
  [
    { workers: { count: 1, slots: 4, busy: 4 } },
    "4 of 4 worker slots are taken. It starts when one comes free.",
  ],
  [{ workers: { count: 0, slots: 0, busy: 0 } }, "No worker is there."],
  [{ paused: true, upstream }, "The DAG is paused."],
  [{ owned: false, paused: true }, "No live scheduler owns this DAG."],
  [
    { run: { state: "queued", awaitsCheck: false }, runs: { active: 16, maxActive: 16 } },
    "The run is queued: 16 of 16 runs",
  ],
  [{ task: { state: "success", wakeAt: null, ending: false, because: null } }, "It has ended: success."],
  [
    { task: { state: "skipped", wakeAt: null, ending: false, because: "wallet: too short." } },
    "It has ended: skipped. wallet: too short. Clear it",
  ],
  [{ run: { state: "running", awaitsCheck: true } }, "The DAG's own checks of the params run first"],
  [{ task: { state: "running", wakeAt: null, ending: false, because: null } }, "It is running."],
  [{ task: { state: "running", wakeAt: null, ending: true, because: null } }, "It was told to end"],
  [
    { task: { state: "up_for_retry", wakeAt: waking, ending: false, because: null } },
    "tries again at 2026-11-24T15:00:00.000Z.",
  ],
])("says the one thing to know: %j", (facts, answer) => {
  expect(explainTask({ ...READY, ...facts }).answer).toContain(answer);
});

it("lists what is met as well", () => {
  const { verdicts } = explainTask({ ...READY, paused: true });
  expect(verdicts.map(({ rule, met }) => `${rule} ${met ? "met" : "not met"}`)).toEqual([
    "scheduler met",
    "not_paused not met",
    "run_started met",
    "upstream_done met",
    "params_checked met",
    "max_active_tasks met",
    "worker_slot met",
  ]);
});
