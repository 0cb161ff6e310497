import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, inject, it } from "vitest";
import { pruneRuns } from "../db/sql/prune-runs";
import { query } from "../db/sql/statement";
import { cutoffsAt } from "../domain/retention";
import { silentLog, type Log } from "../platform/log";
import { newSecretKey } from "../secrets/key-ring";
import { withDatabase } from "../supervisor/embedded-postgres";
import { aProject } from "../testing/command-line";
import { seedDag, seedRun, seedTask } from "../testing/seed";
import { createTestDb, untilWaiting } from "../testing/test-db";
import { startScheduler } from "./main";

const connect = await createTestDb();
const [db, other] = await Promise.all([connect(), connect()]);
const { home, vane, remove } = await aProject(db);
const runFolder = mkdtempSync(path.join(tmpdir(), "vane-prune-"));
const refusals: string[] = [];
const log: Log = { ...silentLog, error: (_, message) => void refusals.push(message) };
const retention = { logDays: 30, logBytes: null, runDays: 1, runsPerDag: 1 };

await seedDag(db);
for (const runId of ["old", "newest"]) {
  const { runKey } = await seedRun(db, { runId, state: "failed", at: "2026-01-02T00:00:00Z" });
  for (const task of ["fetch", "save"]) await seedTask(db, runKey, task, { state: "failed" });
}
const scheduler = await startScheduler({
  ...{ runFolder, home, retention, log: { ...log, info: () => {}, warn: () => {}, debug: () => {} } },
  databaseUrl: withDatabase(inject("adminUrl"), db.database ?? ""),
  installKey: "0".repeat(64),
  publicUrl: "http://127.0.0.1:8080",
  secrets: { keys: [newSecretKey()], environment: { connections: {}, variables: {} } },
});
afterAll(async () => {
  await scheduler.stop();
  rmSync(runFolder, { recursive: true });
  await remove();
});

it("tells who clears a run that goes at this very moment that it is gone, and clears others", async () => {
  const { runs } = cutoffsAt(retention, new Date("2026-06-01T00:00:00Z"));
  if (!runs) throw new Error("Runs are kept for ever.");
  // Deleted, but not durably: the owner still reads the run, decides, and its flush waits for the rows.
  await db.query("begin");
  expect(await query(db, pruneRuns(runs))).toMatchObject([{ runId: "old" }]);
  const clearing = vane(["tasks", "clear", "hello", "old", "--yes"]);
  await untilWaiting(other);
  await db.query("commit");

  expect(await clearing).toMatchObject({ exit: 4, err: "hello has no run old any more.\n" });
  expect(refusals).toEqual(["A flush was refused; reading its DAGs again"]);
  expect(await vane(["tasks", "clear", "hello", "newest", "--yes"])).toMatchObject({
    exit: 0,
    out: "Cleared 2 tasks of newest: the run goes on.\n",
  });
});
