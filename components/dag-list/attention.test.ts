import { expect, it } from "vitest";
import { byAttention, inKnownOrder, isFailing } from "./attention";

type Ranked = Parameters<typeof byAttention>[0][number];

const aDag = (dagId: string, more: Partial<Ranked> = {}): Ranked =>
  ({ dagId, paused: false, quarantine: null, fileError: null, lastRun: null, now: null, ...more }) as Ranked;
const ended = (state: "success" | "failed", endedAt: string, reason = "error") =>
  ({ lastRun: { runId: "r", state, reason, why: null, failedTaskId: null, endedAt } }) as Partial<Ranked>;
const inProgress = (state: "running" | "queued") =>
  ({ now: { runId: "r", state, queuedAt: "", startedAt: null, others: 0 } }) as Partial<Ranked>;

it("puts what needs somebody first", () => {
  const dags = [
    aDag("a_paused", { paused: true, ...ended("failed", "2026-11-24T12:00:00Z") }),
    aDag("b_fine", ended("success", "2026-11-24T12:00:00Z")),
    aDag("c_queued", inProgress("queued")),
    aDag("d_running", inProgress("running")),
    aDag("e_broken", { fileError: "ReferenceError: x is not defined" }),
    aDag("f_quarantined", { quarantine: "No version can be read." }),
    aDag("g_failed_long_ago", ended("failed", "2026-11-23T12:00:00Z")),
    aDag("h_failed", { ...ended("failed", "2026-11-24T12:00:00Z"), ...inProgress("running") }),
    aDag("i_cancelled", ended("failed", "2026-11-24T12:00:00Z", "cancelled")),
  ];
  expect(byAttention(dags).map(({ dagId }) => dagId[0])).toEqual("h g e f d c b i a".split(" "));
});

it("does not call a DAG failing whose last run somebody ended", () => {
  expect(isFailing(aDag("a", ended("failed", "", "cancelled")))).toBe(false);
  expect(isFailing(aDag("a", ended("failed", "")))).toBe(true);
  expect(isFailing(aDag("a"))).toBe(false);
});

it("keeps the order that is before somebody's eyes", () => {
  const now = [aDag("new"), aDag("a"), aDag("c")];
  expect(inKnownOrder(now, ["c", "gone", "a"]).map(({ dagId }) => dagId)).toEqual(["c", "a", "new"]);
});
