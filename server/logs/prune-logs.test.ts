import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { DagId, RunId, TaskId } from "../domain/ids";
import { cutoffsAt } from "../domain/retention";
import { logPath, runFolder } from "./log-path";
import { pruneLogs } from "./prune-logs";
import { logStore } from "./store";
import { fakeClock } from "../testing/fake-clock";

const now = new Date("2026-11-24T14:32:07Z");
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const kept = (given: { logDays?: number | null; logBytes?: number | null } = {}) =>
  cutoffsAt({ logDays: 30, logBytes: 1_000, runDays: 90, runsPerDag: 100, ...given }, now).logs;

function aStore() {
  const root = mkdtempSync(path.join(tmpdir(), "vane-prune-"));
  onTestFinished(() => {
    rmSync(root, { recursive: true });
  });
  const place = (file: string, ageMs: number, bytes = 10) => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, "x".repeat(bytes));
    const at = new Date(now.getTime() - ageMs);
    utimesSync(file, at, at);
    return file;
  };
  const keyOf = (runId: string, attempt: number) => ({
    ...{ dagId: DagId.parse("hello"), runId: RunId.parse(runId), taskId: TaskId.parse("fetch") },
    ...{ mapIndex: -1, attempt },
  });
  return {
    ...{ root, place, keyOf },
    aLog: (runId: string, ageMs: number, { bytes = 10, attempt = 1 } = {}) =>
      place(logPath(root, keyOf(runId, attempt)), ageMs, bytes),
    prune: (cutoffs = kept(), open: readonly string[] = [], remove = true) =>
      pruneLogs(
        root,
        cutoffs,
        {
          openRuns: () => Promise.resolve(open.map((runId) => keyOf(runId, 1))),
          pace: () => Promise.resolve(),
        },
        remove,
      ),
  };
}

it("deletes what is too old, with the folders that are empty then", async () => {
  const { root, aLog, prune } = aStore();
  const [old, young] = [aLog("old", 31 * DAY), aLog("young", 29 * DAY)];
  aLog("old", 31 * DAY, { attempt: 2 });
  expect(await prune()).toEqual({ files: 2, bytes: 20 });
  expect([existsSync(old), existsSync(young)]).toEqual([false, true]);
  expect(existsSync(path.join(root, "dag_id=hello", "run_id=old"))).toBe(false);
  expect(await prune()).toEqual({ files: 0, bytes: 0 });
});

it("keeps a new attempt's log and its folder when an old one's goes", async () => {
  const { aLog, prune } = aStore();
  const [first, second] = [aLog("cleared", 31 * DAY), aLog("cleared", DAY, { attempt: 2 })];
  expect(await prune()).toEqual({ files: 1, bytes: 10 });
  expect([existsSync(first), existsSync(second)]).toEqual([false, true]);
});

it("deletes the oldest first when there are too many, and none of the last hour", async () => {
  const { aLog, prune } = aStore();
  const files = [3 * DAY, 2 * DAY, DAY, HOUR / 2].map((ageMs, n) => aLog(`run_${n}`, ageMs, { bytes: 400 }));
  expect(await prune()).toEqual({ files: 2, bytes: 800 });
  expect(files.map((file) => existsSync(file))).toEqual([false, false, true, true]);
  expect(await prune(kept({ logBytes: 1 }))).toEqual({ files: 1, bytes: 400 });
  expect(files.map((file) => existsSync(file))).toEqual([false, false, false, true]);
});

it("touches no log of a run that is open, however old, and also with a name that is cut", async () => {
  const { root, aLog, prune } = aStore();
  const long = `manual__${"x".repeat(240)}`;
  const files = [aLog("waiting", 300 * DAY), aLog(long, 300 * DAY), aLog(`${long}y`, 300 * DAY)];
  expect(path.basename(runFolder(root, { dagId: DagId.parse("d"), runId: RunId.parse(long) }))).toContain(
    "~",
  );
  expect(await prune(kept(), ["waiting", long])).toEqual({ files: 1, bytes: 10 });
  expect(files.map((file) => existsSync(file))).toEqual([true, true, false]);
});

it("asks for open runs after it has found what is old: one that was opened meanwhile keeps its logs", async () => {
  const { root, aLog, keyOf } = aStore();
  const file = aLog("cleared", 31 * DAY);
  let steps = 0;
  const pace = () => Promise.resolve(void (steps += 1));
  const openRuns = () => Promise.resolve(steps > 2 ? [keyOf("cleared", 1)] : []);
  expect(await pruneLogs(root, kept(), { openRuns, pace })).toEqual({ files: 0, bytes: 0 });
  expect(existsSync(file)).toBe(true);
});

it("leaves alone what is no log of an attempt, and follows no link", async () => {
  const { root, place, prune } = aStore();
  const outside = aStore();
  const foreign = outside.aLog("old", 31 * DAY);
  symlinkSync(path.join(outside.root, "dag_id=hello"), path.join(root, "dag_id=linked"));
  mkdirSync(path.join(root, "dag_id=hello", "run_id=a"), { recursive: true });
  symlinkSync(foreign, path.join(root, "dag_id=hello", "run_id=a", "attempt=1.log"));
  const others = [
    place(path.join(root, "vane.log"), 300 * DAY),
    place(path.join(root, "dag_id=hello", "run_id=a", "notes.txt"), 300 * DAY),
  ];
  expect(await prune()).toEqual({ files: 0, bytes: 0 });
  expect([foreign, ...others].map((file) => existsSync(file))).toEqual([true, true, true]);
});

it("only counts when it is asked what would go", async () => {
  const { aLog, prune } = aStore();
  const file = aLog("old", 31 * DAY);
  expect(await prune(kept(), [], false)).toEqual({ files: 1, bytes: 10 });
  expect(existsSync(file)).toBe(true);
});

it("counts each file once when two are at it", async () => {
  const { aLog, prune } = aStore();
  for (let n = 0; n < 120; n += 1) aLog(`run_${n}`, 31 * DAY);
  const [one, other] = await Promise.all([prune(), prune()]);
  expect(one.files + other.files).toBe(120);
});

it("lets an attempt that begins now write where its folders have just gone", async () => {
  const { root, aLog, keyOf, prune } = aStore();
  const store = logStore(root, fakeClock(now));
  const write = (attempt: number) => {
    const log = store.open(keyOf("cleared", attempt));
    log.write("{}");
    return log.end();
  };
  expect(write(1)).toEqual({ bytes: 3, truncated: false });
  aLog("cleared", 31 * DAY);
  expect(await prune()).toMatchObject({ files: 1 });
  expect(write(2)).toEqual({ bytes: 3, truncated: false });
});

it("has nothing to do where there are no logs yet", async () => {
  const { root, prune } = aStore();
  rmSync(root, { recursive: true });
  expect(await prune()).toEqual({ files: 0, bytes: 0 });
  mkdirSync(root);
});
