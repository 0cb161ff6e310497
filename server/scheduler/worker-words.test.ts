import { expect, it, vi } from "vitest";
import { ownIdentity } from "../platform/process-identity";
import { aDag } from "../testing/seed";
import { stage, type ScriptedWorker, type Stage } from "../testing/sim/stage";
import { BEGIN } from "../testing/sim/timeline";

// Thousands of steps; how long they take is nobody's promise.
vi.setConfig({ testTimeout: 60_000 });

const only = { only: [] };

async function atWork(settings: Readonly<Record<string, number>> = {}) {
  const set = stage();
  const dag = aDag({ id: "hello", tasks: only });
  const nodes = dag.nodes.map((node) => ({ ...node, settings: { ...node.settings, ...settings } }));
  set.bring({ ...dag, nodes });
  await set.pass(5_000);
  const worker = set.join();
  set.trigger("hello", "one");
  await set.until("it begins", () => worker.works.length === 1);
  const [work] = worker.works;
  if (!work) throw new Error("It was seen just now.");
  return { set, worker, work };
}

const ended = ({ heard }: ScriptedWorker) => heard.filter(({ message }) => message.type === "end");
const at = (set: Stage) => new Date(BEGIN.getTime() + set.nowMs()).toISOString();

it("counts the time that an attempt may take from its start, not from its dispatch", async () => {
  const { set, worker, work } = await atWork({ timeoutMs: 15_000 });
  await set.pass(20_000);
  expect(ended(worker)).toEqual([]);
  worker.say({ type: "started", exec: work.exec, at: at(set), pid: 1 });
  const startedMs = set.nowMs();
  await set.until("it is ended", () => ended(worker).length === 1);
  expect(set.nowMs() - startedMs).toBeGreaterThanOrEqual(15_000);
  expect(set.nowMs() - startedMs).toBeLessThan(16_000);
});

it.each([600_000, -600_000])("counts it so although the worker's clock is %d ms off", async (skewMs) => {
  const { set, worker, work } = await atWork({ timeoutMs: 15_000 });
  const said = new Date(Date.parse(at(set)) + skewMs).toISOString();
  worker.say({ type: "started", exec: work.exec, at: said, pid: 1 });
  await set.pass(14_000);
  expect(ended(worker)).toEqual([]);
  await set.pass(3_000);
  expect(ended(worker)).toHaveLength(1);
});

it("takes an attempt that was ended because nobody renewed its DAG for lost, not for failed", async () => {
  const { set, worker, work } = await atWork({ retries: 0, lostRetries: 1 });
  worker.report(work, { kind: "lost", evidence: "Vane ended the task: no scheduler spoke." });
  await set.until("it is tried again", () => worker.works.length === 2);
  expect(set.rows("task_attempt")).toMatchObject([{ state: "failed", reason: "lost" }]);
  expect(set.rows("task_instance")).toMatchObject([{ attempt: 2, left_retry: 0, left_lost: 0 }]);
  const [, again] = worker.works;
  if (again) worker.report(again, { kind: "lost", evidence: "" });
  await set.until("it is over", () => set.rows("dag_run", { state: "failed" }).length === 1);
});

it("keeps its links through an outage of the database, and renews nothing meanwhile", async () => {
  const { set, worker } = await atWork();
  await set.pass(5_000);
  const fromMs = set.nowMs();
  set.connections.outage(fromMs + 50_000);
  await set.pass(60_000);
  const holds = worker.heard.flatMap(({ atMs, message }) =>
    message.type === "holds" ? [{ atMs, message }] : [],
  );
  const gaps = holds.slice(1).map(({ atMs }, i) => atMs - (holds[i]?.atMs ?? 0));
  expect(Math.max(...gaps)).toBeLessThan(15_000);
  const renewing = holds.filter(({ message }) => message.dags.length > 0).map(({ atMs }) => atMs - fromMs);
  expect(renewing.filter((ms) => ms > 1_000 && ms < 50_000)).toEqual([]);
  expect(renewing.some((ms) => ms >= 50_000)).toBe(true);
});

it("marks a worker dead whose process is gone, although it had nothing to do", async () => {
  const set = stage();
  await set.pass(3_000);
  const { host, bootId, pidNamespace, pid } = ownIdentity();
  const values = [
    crypto.randomUUID(),
    "worker",
    host,
    bootId,
    pidNamespace,
    pid,
    "another start",
    1,
    null,
    "{}",
  ];
  set.db.transact([{ name: "insert_process", text: "", values }]);
  await set.until("it is dead", () =>
    set.rows("process", { kind: "worker" }).every(({ dead }) => dead === true),
  );
  expect(set.rows("process", { kind: "worker" })).toMatchObject([{ dead_reason: "its process is gone" }]);
});
