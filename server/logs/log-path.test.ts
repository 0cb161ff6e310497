import { expect, it } from "vitest";
import { DagId, RunId, TaskId } from "../domain/ids";
import { logPath } from "./log-path";

const ids = { dagId: DagId.parse("sync"), runId: RunId.parse("scheduled__2026-11-24T14:30:00+01:00") };
const run = "/logs/dag_id=sync/run_id=scheduled__2026-11-24T14%3A30%3A00%2B01%3A00";

it("derives the place from the key", () => {
  const task = { ...ids, taskId: TaskId.parse("prices.fetch"), attempt: 2 };
  expect(logPath("/logs", { ...task, mapIndex: -1 })).toBe(`${run}/task_id=prices.fetch,attempt=2.log`);
  expect(logPath("/logs", { ...task, mapIndex: 0 })).toBe(
    `${run}/task_id=prices.fetch,map_index=0,attempt=2.log`,
  );
  expect(logPath("/logs", { ...ids, name: "callbacks" })).toBe(`${run}/callbacks.log`);
});

it("cuts what a file system would refuse, and keeps long ids apart", () => {
  const pathOf = (runId: string) => logPath("/logs", { ...ids, runId: RunId.parse(runId), name: "params" });
  const [one, other] = [pathOf(`${"r:".repeat(120)}a`), pathOf(`${"r:".repeat(120)}b`)];
  expect(one).not.toBe(other);
  for (const segment of one.split("/")) expect(Buffer.byteLength(segment)).toBeLessThanOrEqual(200);
});
