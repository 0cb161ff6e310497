import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { expect, it, onTestFinished } from "vitest";
import { freePort } from "../supervisor/free-port";
import { signalProcess } from "../supervisor/process-table";
import { readRunFile } from "../supervisor/run-file";
import { newProject, startVane, type StartedVane } from "../testing/start-vane";

/** Its callback takes two seconds, and says when it begins and ends. */
const SOURCE = (file: string) => `
import { appendFileSync } from "node:fs";
import { context, dag, task } from "vane";
const say = (word: string) => { appendFileSync(${JSON.stringify(file)}, word + "\\n"); };
const fails = task({ id: "fails", onFailure: async ({ runId }) => {
  say("begin " + runId);
  context().log.info("called");
  await new Promise((done) => setTimeout(done, 2_000));
  say("end " + runId);
} }, async () => { throw new Error("no"); });
const breaks = task({ id: "breaks", onFailure: () => { throw new Error("callback broke"); } }, async () => { throw new Error("no"); });
export const slow = dag({ id: "slow" }, () => { fails(); });
export const broken = dag({ id: "broken" }, () => { breaks(); });
`;

async function trigger(db: Client, dagId: string, runId: string) {
  const key = crypto.randomUUID();
  await db.query(
    `insert into command (principal, idempotency_key, kind, dag_id, arguments) values ('cli:olga', $2, 'trigger_run', $1, $3)`,
    [dagId, key, JSON.stringify({ dagId, runId, logicalDate: null, conf: {}, idempotencyKey: key })],
  );
  await db.query("select pg_notify('vane_command', $1)", [dagId]);
}

function kill(vane: StartedVane, name: string) {
  const [found] = vane.commands().find(([, command]) => command.includes(`/${name}.cjs`)) ?? [];
  if (!found) throw new Error(`There is no ${name}.`);
  signalProcess(found, "SIGKILL");
}

it("calls functions once while their worker lives, again when it was lost, and three times when they throw", async () => {
  const project = newProject();
  const file = join(project.folder, "called");
  writeFileSync(join(project.folder, "dags", "callbacks.ts"), SOURCE(file));
  const vane = startVane({ project, args: ["--port", String(await freePort())] });
  await vane.ready;
  await expect.poll(vane.said, { timeout: 10_000 }).toContain("DAG broken is at version 1");
  const db = new Client({ connectionString: readRunFile(project.home)?.databaseUrl });
  onTestFinished(() => db.end());
  db.on("error", () => undefined);
  await db.connect();
  const said = () => (existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : []);
  async function outbox(dagId: string) {
    const sql = "select state, tries, repeated, last_error from outbox where dag_id = $1 order by id";
    return (await db.query<Record<string, unknown>>(sql, [dagId])).rows;
  }
  const patience = { timeout: 30_000 };

  // Its three tries take a while.
  await trigger(db, "broken", "b");
  await trigger(db, "slow", "1");
  await expect.poll(said, patience).toEqual(["begin 1"]);
  kill(vane, "scheduler");
  await expect.poll(() => outbox("slow"), patience).toMatchObject([{ state: "sent", repeated: false }]);
  expect(said()).toEqual(["begin 1", "end 1"]);

  await trigger(db, "slow", "2");
  await expect.poll(said, patience).toHaveLength(3);
  kill(vane, "worker");
  await expect.poll(() => outbox("slow"), patience).toMatchObject([{}, { state: "sent", repeated: true }]);
  expect(said()).toEqual(["begin 1", "end 1", "begin 2", "begin 2", "end 2"]);

  await expect
    .poll(() => outbox("broken"), patience)
    .toEqual([{ state: "failed", tries: 3, repeated: false, last_error: "Error: callback broke" }]);
  const { rows } = await db.query("select count(*)::int as n from task_attempt");
  expect(rows).toEqual([{ n: 3 }]);
}, 120_000);
