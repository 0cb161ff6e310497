import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { messagesFolder, openMessages } from "../../demo/message-file";
import { aProject } from "../../testing/command-line";
import { seedDag, seedRun } from "../../testing/seed";
import { createTestDb } from "../../testing/test-db";

const connect = await createTestDb();
const db = await connect();
const { project, home, vane, remove } = await aProject(db);
afterAll(remove);

it("says where there is no demo", async () => {
  expect(await vane(["demo", "messages"])).toMatchObject({ exit: 0, out: "", err: /Start Vane with --demo/ });
  const said = await vane(["demo", "check"]);
  expect(said.exit).toBe(2);
  expect(said.err).toMatch(/expected\.json cannot be read\. It comes with a clone of Vane/);
});

it("prints messages for people and for programs, and nothing that would steer a terminal", async () => {
  const date = "2026-11-25T10:00:00.000Z";
  openMessages(messagesFolder(home)).append({ date, chat_id: "-1", text: "Failed: hello\n\u001b[31mred" });
  expect((await vane(["demo", "messages"])).out).toBe(
    "2026-11-25T10:00:00Z  to -1\n  Failed: hello\n  red\n\n",
  );
  const { out } = await vane(["demo", "messages", "--output", "json"]);
  expect(JSON.parse(out)).toMatchObject([{ message_id: 1, date, chat_id: "-1" }]);
});

it("compares runs with what is expected of them", async () => {
  await mkdir(join(project, "dags", "demo"), { recursive: true });
  const expectation = { hello: { ends: "success", atLeast: 1 } };
  await writeFile(join(project, "dags", "demo", "expected.json"), JSON.stringify(expectation));
  await seedDag(db);
  await seedRun(db, { runId: "manual__1", state: "success" });
  expect(await vane(["demo", "check"])).toMatchObject({ exit: 0 });

  await seedDag(db, { id: "other" });
  await seedRun(db, { dagId: "other", runId: "manual__2", state: "failed", at: new Date().toISOString() });
  const said = await vane(["demo", "check", "--output", "json"]);
  expect(said.exit).toBe(1);
  expect(JSON.parse(said.out)).toMatchObject({
    minutes: 20,
    dags: [{ dag_id: "hello", as_expected: 1 }],
    differences: ["other manual__2: ended in failed, which was not expected."],
  });
});
