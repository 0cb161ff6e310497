import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { ProcessId } from "../domain/ids";
import { logPath } from "../logs/log-path";
import { pidStart } from "../platform/process-identity";
import { buildWorkerProcess } from "./testing-build";
import { joinWorker } from "./testing-scheduler";
import { DAG, testProject, workFor } from "./testing-worker";

/* A disk that takes no more: the system refuses this worker, and all it starts, every byte of a file beyond a limit. */
const project = await testProject(`
import { dag, task } from "vane";
const noisy = task("noisy", async () => { for (let i = 0; i < 20_000; i++) console.log("line", i, "x".repeat(100)); return "done"; });
const big = task("big", async () => "x".repeat(2_000_000));
const small = task("small", async () => { console.log("still here"); return 1; });
export default dag({ id: "work" }, () => { noisy(); big(); small(); });
`);
const entry = await buildWorkerProcess(project.root);
/** In blocks of 512 bytes, or of 1,024: as the shell has it. */
const LIMIT = { blocks: 1_000, atMostBytes: 1_024_000 };

async function setup() {
  const home = mkdtempSync(path.join(tmpdir(), "vane-home-"));
  const id = ProcessId.parse(randomUUID());
  const { projectFolder, runtimeEntry } = project;
  const env = { PATH: "/usr/local/bin:/usr/bin:/bin" };
  const options = { ...{ id, home, projectFolder, runtimeEntry, env }, runFolder: path.join(home, "run") };
  const argument = JSON.stringify({ ...options, limits: {}, installKey: "key", slots: 1 });
  const node = [process.execPath, entry, argument];
  const worker = spawn("/bin/sh", ["-c", `ulimit -f ${LIMIT.blocks}; exec "$@"`, "worker", ...node], {
    env,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  await once(worker, "message");
  onTestFinished(() => {
    worker.kill("SIGKILL");
    rmSync(home, { recursive: true });
  });
  const socket = path.join(home, "run", `w-${id}.sock`);
  return { home, worker, scheduler: await joinWorker(socket, "key", { [DAG]: 1 }, () => project.bundle) };
}

it("a full disk costs lines of a log and results that need a file, and stops nothing else", async () => {
  const { home, worker, scheduler } = await setup();
  const run = async (taskId: string) => {
    const work = workFor(project, taskId);
    scheduler.dispatch(work);
    return scheduler.report(work.exec);
  };

  expect(await run("noisy")).toMatchObject({
    outcome: { kind: "returned", result: { json: '"done"' } },
    logTruncated: true,
  });
  const { run: of, taskId, mapIndex, attempt } = workFor(project, "noisy");
  const file = logPath(path.join(home, "logs"), { dagId: DAG, runId: of.runId, taskId, mapIndex, attempt });
  expect(statSync(file).size).toBeLessThanOrEqual(LIMIT.atMostBytes);
  expect(readFileSync(file, "utf8")).toContain("line 100 ");

  expect((await run("big")).outcome).toMatchObject({
    kind: "failed",
    error: { message: expect.stringMatching(/could not be written to .*: EFBIG.* Make room there/) },
  });
  expect(await run("small")).toMatchObject({ outcome: { kind: "returned" }, logTruncated: false });
  expect(pidStart(worker.pid ?? 0)).toBeDefined();
});
