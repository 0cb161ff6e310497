import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, onTestFinished } from "vitest";
import type { z } from "zod";
import { DagId, Exec, ProcessId, RunId, RunKey, TaskId } from "../domain/ids";
import type { TaskWork } from "../executor/protocol";
import { LogLine } from "../logs/log-line";
import { logPath } from "../logs/log-path";
import { silentLog } from "../platform/log";
import type { Limits } from "./limits";
import { startWorker } from "./main";
import { buildBundle, buildRuntime, structureHashOf } from "./testing-build";
import { joinWorker, type TestScheduler } from "./testing-scheduler";

export const DAG = DagId.parse("work");
const KEY = "0123456789abcdef";
const NOON = "2026-11-24T12:00:00.000Z";

export type TestProject = Awaited<ReturnType<typeof testProject>>;

/** A project with one DAG, `work`, and a runtime to run it: once for a test file. */
export async function testProject(source: string) {
  const root = mkdtempSync(path.join(tmpdir(), "vane-project-"));
  afterAll(() => {
    rmSync(root, { recursive: true });
  });
  const projectFolder = path.join(root, "project");
  mkdirSync(projectFolder);
  const [runtimeEntry, bundle] = await Promise.all([
    buildRuntime(root),
    buildBundle(projectFolder, "work.ts", source),
  ]);
  const structureHash = await structureHashOf(root, projectFolder, bundle, DAG);
  const bundleHash = createHash("sha256").update(bundle.code).digest("hex");
  return { root, projectFolder, runtimeEntry, bundle, bundleHash, structureHash };
}

export function workFor(
  { bundleHash, structureHash }: TestProject,
  taskId: string,
  more: Partial<TaskWork> = {},
): TaskWork {
  return {
    ...{ kind: "task", exec: Exec.parse(randomUUID()), dagId: DAG, epoch: 1, bundleHash, structureHash },
    run: {
      ...{ runKey: RunKey.parse(7), runId: RunId.parse("manual__1"), runType: "manual", logicalDate: null },
      ...{ intervalStart: NOON, intervalEnd: NOON, runAfter: NOON, params: {}, version: 1 },
    },
    ...{ taskId: TaskId.parse(taskId), mapIndex: -1, attempt: 1, args: [], values: {}, isolation: "warm" },
    ...more,
  };
}

interface TestWorkerOptions {
  readonly slots?: number;
  readonly limits?: z.input<typeof Limits>;
}

/** A worker with real runtimes. Gone, with all of it, after the test. */
export async function testWorker(project: TestProject, { slots = 2, limits = {} }: TestWorkerOptions = {}) {
  const { projectFolder, runtimeEntry, bundle, bundleHash } = project;
  const home = mkdtempSync(path.join(tmpdir(), "vane-home-"));
  const runFolder = path.join(home, "run");
  const id = ProcessId.parse(randomUUID());
  const worker = await startWorker({
    ...{ id, runFolder, installKey: KEY, home, projectFolder, runtimeEntry, log: silentLog, slots },
    env: { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: home },
    limits: { termMs: 300, farewellMs: 300, tellStartMs: 0, ...limits },
  });
  onTestFinished(async () => {
    await worker.stop();
    rmSync(home, { recursive: true });
  });

  const socket = path.join(runFolder, `w-${id}.sock`);
  const work = (taskId: string, more: Partial<TaskWork> = {}) => workFor(project, taskId, more);
  /** @param epoch under which it holds the DAG; undefined: it does not */
  async function join(epoch?: number, key = KEY): Promise<TestScheduler> {
    return joinWorker(socket, key, epoch === undefined ? {} : { [DAG]: epoch }, (hash) =>
      hash === bundleHash ? bundle : null,
    );
  }
  function logOf({ dagId, run, taskId, mapIndex, attempt }: TaskWork): LogLine[] {
    const file = logPath(path.join(home, "logs"), { dagId, runId: run.runId, taskId, mapIndex, attempt });
    const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
    return lines.map((line) => LogLine.parse(JSON.parse(line)));
  }
  /** Dispatches it alone and waits for what becomes of it. */
  async function run(scheduler: TestScheduler, item: TaskWork) {
    scheduler.dispatch(item);
    return scheduler.report(item.exec);
  }
  return { worker, home, socket, work, join, logOf, run };
}
