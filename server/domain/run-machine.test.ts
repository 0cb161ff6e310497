import fc from "fast-check";
import { expect, it } from "vitest";
import { NOW } from "../testing/tasks";
import { moveRun, RUN_MOVES, type RunEvent } from "./run-machine";
import { hasEnded, RUN_STATES, type RunIntent, type RunProgress } from "./run-state";

const LATER = new Date(NOW.getTime() + 60_000);
const CANCEL: RunIntent = { to: "failed", reason: "cancelled" };
const TIMEOUT: RunIntent = { to: "failed", reason: "run_timeout" };

const aRun = (given: Partial<RunProgress>): RunProgress => ({
  ...{
    state: "queued",
    intent: null,
    reason: null,
    error: null,
    clearNumber: 0,
    startedAt: null,
    endedAt: null,
  },
  ...given,
});
const ENDED = { state: "failed", reason: "error", startedAt: NOW, endedAt: NOW } as const;

it.each<[string, Partial<RunProgress>, RunEvent, Partial<RunProgress>]>([
  ["starts", {}, { type: "started" }, { state: "running", startedAt: LATER }],
  [
    "ends as its leaves say",
    { state: "running", startedAt: NOW },
    { type: "ended", to: "success", reason: "returned" },
    { state: "success", reason: "returned", endedAt: LATER, startedAt: NOW },
  ],
  [
    "ends without having started",
    { intent: CANCEL },
    { type: "ended", to: "failed", reason: "cancelled" },
    { state: "failed", intent: null },
  ],
  ["is told to end", { state: "running" }, { type: "intended", intent: CANCEL }, { intent: CANCEL }],
  [
    "heeds a person rather than a timer",
    { state: "running", intent: TIMEOUT },
    { type: "intended", intent: CANCEL },
    { intent: CANCEL },
  ],
  [
    "heeds no timer once a person has spoken",
    { state: "running", intent: CANCEL },
    { type: "intended", intent: TIMEOUT },
    { intent: CANCEL },
  ],
  [
    "waits for a place again when cleared",
    { ...ENDED, clearNumber: 1 },
    { type: "cleared" },
    { state: "queued", clearNumber: 2, reason: null, startedAt: null, endedAt: null },
  ],
  [
    "goes on when a task of it is cleared",
    { state: "running", intent: CANCEL, startedAt: NOW },
    { type: "cleared" },
    { state: "running", intent: null, startedAt: NOW, clearNumber: 0 },
  ],
])("%s", (_, before, event, after) => {
  expect(moveRun(aRun(before), event, LATER)).toMatchObject(after);
});

it("keeps its invariants, whatever happens to any run, and has no dead cell in its table", () => {
  const anyRun = fc
    .record({ state: fc.constantFrom(...RUN_STATES), intent: fc.constantFrom(null, CANCEL, TIMEOUT) })
    .map(({ state, intent }) => {
      const ended = state === "success" || state === "failed";
      return aRun(ended ? { ...ENDED, state } : { state, intent });
    });
  const anyEvent = fc.constantFrom<RunEvent>(
    { type: "started" },
    { type: "ended", to: "success", reason: "returned" },
    { type: "ended", to: "failed", reason: "error" },
    { type: "intended", intent: CANCEL },
    { type: "cleared" },
  );
  const reached = new Set<string>();
  const holds = fc.property(anyRun, anyEvent, (before, event) => {
    const after = moveRun(before, event, LATER);
    if (!after) return;
    reached.add(`${before.state} + ${event.type} -> ${after.state}`);
    if (hasEnded(before)) expect(event.type).toBe("cleared");
    expect([after.endedAt !== null, after.reason !== null]).toEqual([hasEnded(after), hasEnded(after)]);
    if (hasEnded(after)) expect(after.intent).toBeNull();
  });
  fc.assert(holds, { numRuns: 2_000 });

  const cells = Object.entries(RUN_MOVES).flatMap(([state, row]) =>
    Object.entries(row).flatMap(([type, targets]) => targets.map((to) => `${state} + ${type} -> ${to}`)),
  );
  expect([...reached].sort()).toEqual(cells.sort());
});
