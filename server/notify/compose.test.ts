import { expect, it } from "vitest";
import type { ClaimedAlert } from "../db/sql/claim-outbox";
import { DagId, RunId, RunKey, TaskId } from "../domain/ids";
import { composeText } from "./compose";
import { happenedOf } from "./happened";
import { renderTemplate } from "./template";

const URL = "https://vane.example";
const error = { name: "TypeError", message: "fetch failed\nmore", stack: "at x.ts:1:1", code: null };
const end: NonNullable<ClaimedAlert["end"]> = {
  ...{ reason: "error", error, durationMs: 64_000, signal: null, exitCode: null },
};

function anAlert(given: Partial<ClaimedAlert> = {}): ClaimedAlert {
  return {
    ...{ id: 1, dagId: DagId.parse("prices"), runKey: RunKey.parse(1), runId: RunId.parse("manual__1+2") },
    ...{ about: "task", event: "failure", list: "onFailure", position: 0, tries: 1, end },
    attempt: { taskId: TaskId.parse("load.fetch"), mapIndex: -1, attempt: 2 },
    happened: { reason: "error", durationMs: null, failed: 1, error: null },
    ...{ notifier: "telegram", options: {}, repeated: false },
    ...given,
  };
}
const text = (given: Partial<ClaimedAlert> = {}) => composeText(anAlert(given), URL, 4_096);

it("says what failed, why, how long it took, and where to look", () => {
  expect(text()).toBe(
    [
      ...["Failed: prices", "Task: load.fetch", "Attempt: 2", "Error: TypeError: fetch failed"],
      ...["Duration: 1m 4s", "Run: manual__1+2"],
      `${URL}/dags/prices/runs/manual__1%2B2/tasks/load.fetch?attempt=2`,
    ].join("\n"),
  );
});

it("has a reason where nothing was thrown, and says what a process died of without our name for it", () => {
  expect(text({ end: { ...end, reason: "lost", error: null } })).toContain("Error: Its worker was lost.");
  const exited = {
    ...error,
    name: "RuntimeExited",
    message: "Killed by the kernel.",
    code: "runtime.exited",
  };
  expect(text({ end: { ...end, reason: "exited", error: exited } })).toContain(
    "Error: Killed by the kernel.\n",
  );
  expect(text({ end: { ...end, reason: "timeout", error: exited } })).toContain(
    "Error: It took longer than its timeout. Killed by the kernel.\n",
  );
  expect(
    text({ end: null, happened: { reason: "marked", durationMs: null, failed: 1, error: null } }),
  ).toContain("Error: Somebody marked it.");
});

it("tells of a run without a failed task by the run's own reason", () => {
  const happened = { reason: "run_timeout", durationMs: 3_000, failed: 0, error: null } as const;
  expect(text({ about: "run", attempt: null, end: null, happened })).toBe(
    `Failed: prices\nThe run took longer than its timeout.\nDuration: 3s\nRun: manual__1+2\n${URL}/dags/prices/runs/manual__1%2B2`,
  );
});

it("says when it may be a repeat, also in a text of one's own", () => {
  const options = { template: "{{ dagId }}/{{taskId}} {{ attempt }}: {{ error }} {{ nonsense }}" };
  expect(text({ options, repeated: true })).toBe(
    "prices/load.fetch 2: TypeError: fetch failed {{ nonsense }}\n" +
      "This may have been sent before: the answer to an earlier try was lost.",
  );
});

it("never gets longer than the channel takes, nor cuts a character in two", () => {
  const long = composeText(
    anAlert({ options: { template: "😀".repeat(5_000) }, repeated: true }),
    URL,
    4_096,
  );
  expect(long.length).toBeLessThanOrEqual(4_096);
  expect(long).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
  expect(long).toMatch(/lost\.$/);
  expect(text({ end: { ...end, error: { ...error, message: "x".repeat(9_000) } } }).length).toBeLessThan(
    1_500,
  );
});

it("puts values into a template and nothing else: no value is read as a template", () => {
  expect(renderTemplate("{{ a }} {{constructor}} {{ a.b }}", { a: "{{ b }}", b: "no" })).toBe(
    "{{ b }} {{constructor}} {{ a.b }}",
  );
  expect(renderTemplate("{{ a }}", { a: "$& $1" })).toBe("$& $1");
});

it("gives functions the whole message and the stack", () => {
  expect(happenedOf(anAlert(), URL)).toMatchObject({
    ...{ event: "failure", taskId: "load.fetch", attempt: 2, durationMs: 64_000 },
    error: { message: "fetch failed\nmore", stack: "at x.ts:1:1" },
  });
});
