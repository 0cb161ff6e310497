import { fork, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { ProcessId } from "../domain/ids";
import { pidStart } from "../platform/process-identity";
import { MARK, survivors } from "../runtime/survivors";
import { buildWorkerProcess } from "./testing-build";
import { joinWorker } from "./testing-scheduler";
import { DAG, testProject, workFor } from "./testing-worker";

/* What becomes of runtimes whose worker cannot end them. */
const project = await testProject(`
import { spawn } from "node:child_process";
import { context, dag, task } from "vane";
const family = task("family", async () => {
  spawn("sleep", ["1000"], { detached: true, stdio: "ignore" });
  await context().variable("begun");
  for (;;);
});
const kills = task("kills", async () => { await context().variable("begun"); process.kill(process.ppid, "SIGKILL"); for (;;); });
export default dag({ id: "work" }, () => { family(); kills(); });
`);
const entry = await buildWorkerProcess(project.root);

async function setup(limits: object = {}) {
  const home = mkdtempSync(path.join(tmpdir(), "vane-home-"));
  const id = ProcessId.parse(randomUUID());
  const { projectFolder, runtimeEntry } = project;
  const options = {
    ...{ id, home, projectFolder, runtimeEntry },
    limits: { tellStartMs: 0, ...limits },
    runFolder: path.join(home, "run"),
  };
  const env = { PATH: "/usr/local/bin:/usr/bin:/bin" };
  const worker = fork(entry, [JSON.stringify({ ...options, installKey: "key", slots: 1, env })]);
  await once(worker, "message");
  onTestFinished(() => {
    worker.kill("SIGKILL");
    rmSync(home, { recursive: true });
  });
  const socket = path.join(home, "run", `w-${id}.sock`);
  const scheduler = await joinWorker(socket, "key", { [DAG]: 1 }, () => project.bundle);
  return { worker, scheduler };
}

/** Runs `family` until it has started its child and is about to block its process for ever. */
async function runFamily({ scheduler }: Awaited<ReturnType<typeof setup>>) {
  const item = workFor(project, "family");
  scheduler.dispatch(item);
  const { pid } = await scheduler.next("started");
  const { query } = await scheduler.next("need_variable");
  const mark =
    new RegExp(`${MARK}=([^\\0]+)`).exec(readFileSync(`/proc/${pid}/environ`, "latin1"))?.[1] ?? "";
  scheduler.send({ type: "variable", query, answer: { value: "" } });
  expect(survivors({ group: pid, mark })).toHaveLength(2);
  return { group: pid, mark };
}

it("a killed worker takes its runtimes along, those that block and what has left their group", async () => {
  const running = await setup();
  const family = await runFamily(running);
  kill(running.worker, "SIGKILL");
  await gone(() => survivors(family).length === 0);
});

it("a worker that stands still has its runtimes end themselves at their deadline", async () => {
  const running = await setup({ renewalMs: 7_500, watchdogMs: 8_000, pingMs: 50 });
  const family = await runFamily(running);
  kill(running.worker, "SIGSTOP");
  await gone(() => survivors(family).length === 0);
  expect(pidStart(running.worker.pid ?? 0)).toBeDefined();
});

it("a runtime that stands still past its deadline goes on, since its worker has spoken for it meanwhile", async () => {
  const running = await setup({ renewalMs: 7_500, watchdogMs: 8_000, pingMs: 50 });
  const { scheduler } = running;
  const family = await runFamily(running);
  const pings = async (count: number) => {
    const upTo = scheduler.lastPing + count;
    await gone(() => scheduler.lastPing >= upTo);
  };
  process.kill(family.group, "SIGSTOP");
  await pings(180);
  process.kill(family.group, "SIGCONT");
  await pings(20);
  expect(survivors(family)).toHaveLength(2);
});

it("a task that kills its worker has ended itself", async () => {
  const { worker, scheduler } = await setup();
  scheduler.dispatch(workFor(project, "kills"));
  const { pid } = await scheduler.next("started");
  const { query } = await scheduler.next("need_variable");
  scheduler.send({ type: "variable", query, answer: { value: "" } });
  await once(worker, "exit");
  await gone(() => pidStart(pid) === undefined);
});

const kill = (worker: ChildProcess, signal: NodeJS.Signals) => worker.kill(signal);

/** Nobody tells of the end of a process that is not one's own child. */
async function gone(isGone: () => boolean): Promise<void> {
  while (!isGone()) await new Promise((resolve) => setImmediate(resolve));
}
