import { afterAll, expect, it } from "vitest";
import { z } from "zod";
import { startApi } from "../../testing/api-server";
import { fakeAuth } from "../../testing/fake-auth";
import { countRows, seedDag, seedOwner } from "../../testing/seed";
import { createTestDb } from "../../testing/test-db";

const connect = await createTestDb();
const db = await connect();
await seedDag(db, { params: z.json().parse(z.toJSONSchema(z.object({ limit: z.int() }))) });
await seedDag(db, { id: "gone" });
await db.query("update dag set active = false where dag_id = 'gone'");
await seedOwner(db, "hello");

/** Answers as the owner would, with a run's key that must stay inside. */
const created = { kind: "created", runId: "manual__1", runKey: 7, state: "queued", paused: false };
const api = await startApi({ db, auth: fakeAuth(), answerTo: () => Promise.resolve(created) });
afterAll(() => api.stop());

const trigger = async (dagId: string, conf: object) => {
  const input = { dagId, logicalDate: null, conf, idempotencyKey: crypto.randomUUID() };
  return (await api.mutate("runs.trigger", input, { "x-role": "user" })).body;
};

it("asks the owner in the name of who is signed in, and keeps the run's key to itself", async () => {
  const { runKey, ...shown } = created;
  expect(await trigger("hello", { limit: 3 })).toEqual({ result: { data: shown } });
  expect(runKey).toBe(7);
  const { rows } = await db.query(
    "select c.principal, c.arguments::json->'conf' as conf, a.action, a.subject, a.address from command c, audit_event a",
  );
  expect(rows).toEqual([
    {
      ...{ principal: "user:user@vane.test", conf: { limit: 3 } },
      ...{ action: "run.trigger_requested", subject: "hello", address: "127.0.0.1" },
    },
  ]);
});

it("writes no command for what nobody could do", async () => {
  const before = await countRows(db, "command");
  const invalid = { kind: "invalid_params", errors: [{ path: ["limit"], message: expect.any(String) }] };
  expect(await trigger("hello", { limit: "many" })).toEqual({ result: { data: invalid } });
  for (const dagId of ["gone", "nowhere"]) {
    expect(await trigger(dagId, {})).toEqual({ result: { data: { kind: "dag_not_found" } } });
  }
  expect(await countRows(db, "command")).toBe(before);
});
