import { afterAll, expect, it } from "vitest";
import { startApi } from "../../testing/api-server";
import { fakeAuth } from "../../testing/fake-auth";
import { aDag, seedDag, seedFailedAttempt, seedRun, seedTask } from "../../testing/seed";
import { createTestDb } from "../../testing/test-db";

const connect = await createTestDb();
const db = await connect();
const api = await startApi({ db, auth: fakeAuth() });
afterAll(() => api.stop());

async function list() {
  const { status, body } = await api.query("dags.list", undefined, { "x-role": "viewer" });
  expect(status).toBe(200);
  return (body as { result: { data: { dags: Record<string, unknown>[]; filesThatDoNotLoad: number } } })
    .result.data;
}
const only = async (dagId: string) => (await list()).dags.find((dag) => dag["dagId"] === dagId);

it("is empty before there is a DAG", async () => {
  expect(await list()).toEqual({ dags: [], filesThatDoNotLoad: 0 });
});

it("shows a DAG that has never run", async () => {
  await seedDag(db, {
    ...{ id: "fresh", schedule: ["*/15 * * * *"] },
    settings: {
      ...{ timezone: "Europe/Berlin", tags: ["aerodrome"], displayName: "Fresh" },
      owners: [{ name: "olga", link: null }],
    },
  });
  await db.query("update dag set next_run = '2026-11-24T14:45:00Z' where dag_id = 'fresh'");
  expect(await only("fresh")).toEqual({
    ...{ dagId: "fresh", displayName: "Fresh", tags: ["aerodrome"], owners: ["olga"], file: "fresh.ts" },
    ...{ fileError: null, paused: false, quarantine: null },
    ...{
      schedule: { cron: ["*/15 * * * *"] },
      timezone: "Europe/Berlin",
      nextRun: "2026-11-24T14:45:00.000Z",
    },
    ...{ lastRun: null, now: null, runs: [] },
  });
});

it("shows a new version at once, although it remembers what versions say", async () => {
  const structure = JSON.stringify(aDag({ id: "fresh", settings: { tags: ["pendle"] } }));
  await db.query(
    `insert into dag_version (dag_id, number, bundle_hash, structure_hash, structure, format, lockfile_hash)
     values ('fresh', 2, 'b', 'other', $1, 1, '')`,
    [structure],
  );
  expect(await only("fresh")).toMatchObject({ tags: ["pendle"], schedule: null });
  await db.query("update dag set current_version = 1 where dag_id = 'fresh'");
  expect(await only("fresh")).toMatchObject({ tags: ["aerodrome"] });
});

it("shows no next run of one that is paused", async () => {
  await db.query("update dag set paused = true where dag_id = 'fresh'");
  expect(await only("fresh")).toMatchObject({ paused: true, nextRun: null });
});

it("shows the last run that has ended with its reason, what goes on, and the newest runs oldest first", async () => {
  await seedDag(db, { id: "busy" });
  for (let hour = 0; hour < 16; hour++) {
    const at = `2026-11-24T${String(hour).padStart(2, "0")}:00:00Z`;
    await seedRun(db, { dagId: "busy", runId: `manual__${hour}`, state: "success", at });
  }
  const { runKey } = await seedRun(db, { dagId: "busy", runId: "failed", state: "failed" });
  await seedTask(db, runKey, "fetch", { state: "failed" });
  await seedFailedAttempt(db, runKey, "fetch", "markets[18] is null\nand more");
  await seedRun(db, { dagId: "busy", runId: "waits", state: "queued" });
  await seedRun(db, { dagId: "busy", runId: "runs", state: "running", at: "2026-11-24T14:32:00Z" });

  const dag = await only("busy");
  expect(dag).toMatchObject({
    lastRun: {
      ...{ runId: "failed", state: "failed", reason: "error", failedTaskId: "fetch" },
      ...{ why: "Error: markets[18] is null", endedAt: "2026-11-24T14:30:04.200Z" },
    },
    now: { runId: "runs", state: "running", startedAt: "2026-11-24T14:32:00.000Z", others: 1 },
  });
  const runs = dag?.["runs"] as Record<string, unknown>[];
  expect(runs.map(({ runId }) => runId)).toEqual([
    ...["manual__5", "manual__6", "manual__7", "manual__8", "manual__9", "manual__10", "manual__11"],
    ...["manual__12", "manual__13", "manual__14", "manual__15", "failed", "waits", "runs"],
  ]);
  expect(runs[0]).toEqual({ runId: "manual__5", state: "success", reason: "returned", durationMs: 4_200 });
  expect(runs.at(-1)).toMatchObject({ state: "running", durationMs: null });
});

it("says why a run failed that no task has failed", async () => {
  await seedDag(db, { id: "ended" });
  await seedRun(db, { dagId: "ended", state: "failed", reason: "cancelled" });
  expect(await only("ended")).toMatchObject({
    lastRun: { reason: "cancelled", why: "Somebody cancelled it.", failedTaskId: null },
  });
  const error = { name: "ZodError", message: "wallet is missing", stack: "", code: null };
  await db.query("update dag_run set error = $1, reason = 'params_invalid' where dag_id = 'ended'", [
    JSON.stringify(error),
  ]);
  expect(await only("ended")).toMatchObject({ lastRun: { why: "ZodError: wallet is missing" } });
});

it("shows the others whatever one's structure is, and says which file does not load", async () => {
  await seedDag(db, { id: "broken" });
  await db.query("update dag_version set structure = '{' where dag_id = 'broken'");
  await db.query(
    `insert into import_error (file, code, sentence, severity) values
       ('ended.ts', 'dag.invalid', 'operatorIdx is not defined', 'error'),
       ('fresh.ts', 'dag.invalid', 'It is slow to load.', 'warning'), ('no-dag.ts', 'x', 'y', 'error')`,
  );
  const { dags, filesThatDoNotLoad } = await list();
  expect(dags.map(({ dagId, fileError }) => [dagId, fileError])).toEqual([
    ...[
      ["broken", null],
      ["busy", null],
      ["ended", "operatorIdx is not defined"],
      ["fresh", null],
    ],
  ]);
  expect(filesThatDoNotLoad).toBe(2);
});

it("leaves out a DAG that no file defines any more", async () => {
  await db.query("update dag set active = false where dag_id = 'broken'");
  expect(await only("broken")).toBeUndefined();
});
