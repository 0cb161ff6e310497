import { expect, it } from "vitest";
import { runKeyAt } from "./ids";
import { countBytes, cutoffsAt, DEFAULT_RETENTION, logsBefore, type BytesByMinute } from "./retention";

const now = new Date("2026-11-24T14:32:07Z");
const ago = (amount: number, unitMs: number) => new Date(now.getTime() - amount * unitMs);
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];

it("keeps runs 90 days, logs 30 days, 5 GB of them, what only serves to look things up 30 days, audit events a year", () => {
  expect(cutoffsAt(DEFAULT_RETENTION, now)).toEqual({
    runs: { endedBefore: ago(90, DAY), keyBefore: runKeyAt(ago(90, DAY)), keepNewest: 100 },
    bookkeeping: ago(30, DAY),
    audit: ago(365, DAY),
    ended: now,
    logs: { writtenBefore: ago(30, DAY), maxBytes: 5e9, sparedAfter: ago(1, HOUR) },
  });
});

it("keeps for ever what it is told to", () => {
  const forever = { logDays: null, logBytes: null, runDays: null, runsPerDag: 1 };
  const { runs, logs } = cutoffsAt(forever, now);
  expect(runs).toBeNull();
  expect(logsBefore(logs, new Map([[0, 1e12]]))).toBeNull();
});

it("spares the last hour, however little is to be kept", () => {
  const { runs } = cutoffsAt({ ...DEFAULT_RETENTION, runDays: 0.001 }, now);
  expect(runs?.endedBefore).toEqual(ago(1, HOUR));
});

function written(...files: readonly (readonly [at: Date, bytes: number])[]): BytesByMinute {
  const minutes: BytesByMinute = new Map();
  for (const [at, bytes] of files) countBytes(minutes, at, bytes);
  return minutes;
}
const limits = (maxBytes: number | null, days: number | null = 30) => ({
  ...{ maxBytes, writtenBefore: days === null ? null : ago(days, DAY), sparedAfter: ago(1, HOUR) },
});
const goes = (before: Date | null, at: Date) => before !== null && at < before;

it("lets logs go for their age while there is room", () => {
  expect(logsBefore(limits(100), written([ago(1, DAY), 100]))).toEqual(ago(30, DAY));
  expect(logsBefore(limits(100, null), written([ago(1, DAY), 100]))).toBeNull();
});

it("lets the oldest logs go until the rest fits, whatever order they were found in", () => {
  const files = [
    [ago(3, DAY), 40],
    [ago(1, DAY), 40],
    [ago(2, DAY), 40],
    [ago(2, DAY), 1],
  ] as const;
  const before = logsBefore(limits(80), written(...files));
  expect(files.map(([at]) => goes(before, at))).toEqual([true, false, true, true]);
  expect(logsBefore(limits(121), written(...files))).toEqual(ago(30, DAY));
});

it("never lets a log of the last hour go for its size", () => {
  const before = logsBefore(limits(100), written([ago(59, MINUTE), 1_000], [ago(61, MINUTE), 1]));
  expect([59, 60, 61].map((minutes) => goes(before, ago(minutes, MINUTE)))).toEqual([false, false, true]);
});
