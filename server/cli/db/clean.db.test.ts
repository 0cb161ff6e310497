import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { DagId, RunId } from "../../domain/ids";
import { runFolder } from "../../logs/log-path";
import { aProject } from "../../testing/command-line";
import { seedDag, seedRun } from "../../testing/seed";
import { createTestDb } from "../../testing/test-db";

const connect = await createTestDb();
const db = await connect();
const { home, runFile, vane, remove } = await aProject(db);
afterAll(remove);

const old = new Date(Date.now() - 100 * 86_400_000);
const KEPT =
  "Nothing is too old. Runs are kept for 90 days and at least the last 100 of a DAG, logs for 30 days and up to 5 GB.\n";

await seedDag(db);

it("says that nothing is too old, and what too old would be", async () => {
  await seedRun(db, { runId: "old", state: "success", at: old.toISOString() });
  expect(await vane(["db", "clean"])).toEqual({ exit: 0, out: "", err: KEPT });
});

it("shows what would go, asks, and removes it; by what the running system keeps", async () => {
  const folder = runFolder(path.join(home, "logs"), {
    dagId: DagId.parse("hello"),
    runId: RunId.parse("old"),
  });
  mkdirSync(folder, { recursive: true });
  const log = path.join(folder, "callbacks.log");
  writeFileSync(log, "x".repeat(4_200));
  utimesSync(log, old, old);
  await seedRun(db, { runId: "newest", state: "running", at: old.toISOString() });
  const running = JSON.parse(readFileSync(runFile, "utf8")) as object;
  const retention = { logDays: 30, logBytes: null, runDays: 30, runsPerDag: 1 };
  writeFileSync(runFile, JSON.stringify({ ...running, retention }));

  const would = "1 run, 1 log (4.2 kB)";
  expect(await vane(["db", "clean", "--dry-run"])).toEqual({
    exit: 0,
    out: `Would remove ${would}.\n`,
    err: "",
  });
  expect(await vane(["db", "clean"])).toMatchObject({ exit: 2, err: expect.stringContaining("Add --yes") });
  expect(await vane(["db", "clean"], { answers: ["n"] })).toMatchObject({
    err: `Remove ${would} for good? [y/N] Nothing was done.\n`,
  });
  expect(existsSync(log)).toBe(true);
  expect(await vane(["db", "clean"], { answers: ["y"] })).toMatchObject({
    exit: 0,
    out: `Removed ${would}.\n`,
  });
  expect(existsSync(log)).toBe(false);
  expect((await vane(["db", "clean", "--yes", "--output", "json"])).out).toContain('"runs": 0');
  const { rows } = await db.query("select action, subject from audit_event");
  expect(rows).toEqual([{ action: "db.cleaned", subject: would }]);
});
