import { expect, it } from "vitest";
import { EXEC, NOW } from "../testing/tasks";
import { parseWorkerWord } from "./hear-worker";

const REPORT = {
  ...{ dagId: "hello", epoch: 3, exec: EXEC, outcome: { kind: "interrupted" } },
  ...{ startedAt: null, endedAt: "2026-11-24T14:32:07.000Z", durationMs: 1, pid: 1, logBytes: 0 },
  logTruncated: false,
};
const words = (...reports: readonly object[]) => ({ type: "reports", reports });

it("takes a report as it is", () => {
  expect(parseWorkerWord(words(REPORT), NOW)).toEqual({ type: "reports", reports: [REPORT] });
});

it.each([
  ["endedAt", "yesterday"],
  ["endedAt", "2026-13-01T00:00:00Z"],
  ["endedAt", "0000-01-01T00:00:00Z"],
  ["startedAt", 5],
  ["durationMs", -1],
  ["pid", 2 ** 40],
  ["logBytes", 0.5],
  ["outcome", { kind: "vanished" }],
  ["outcome", { kind: "exited", exitCode: 2 ** 40, signal: null, evidence: "" }],
  ["more", true],
])("ends the attempt whose report has a wrong %s (%j), and takes the others as they are", (field, value) => {
  const said = parseWorkerWord(words({ ...REPORT, [field]: value }, REPORT), NOW);
  expect(said).toMatchObject({
    reports: [
      {
        ...{ dagId: "hello", epoch: 3, exec: EXEC, endedAt: NOW.toISOString() },
        outcome: { kind: "exited", evidence: expect.stringContaining("cannot be understood") },
      },
      REPORT,
    ],
  });
});

it.each([words({ ...REPORT, exec: "mine" }), { type: "started", at: "soon" }, { type: "hello" }, null])(
  "refuses what says of nothing whose it is: %j",
  (said) => {
    expect(() => parseWorkerWord(said, NOW)).toThrow();
  },
);
