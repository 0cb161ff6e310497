import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import type { z } from "zod";
import { DagId, Exec, ProcessId, RunId, RunKey, TaskId } from "../domain/ids";
import type { TaskWork } from "../executor/protocol";
import { LogLine } from "../logs/log-line";
import { logPath } from "../logs/log-path";
import { silentLog } from "../platform/log";
import type { Limits } from "./limits";
import { startWorker } from "./main";
import { buildBundle, structureHashOf } from "./testing-build";
import { joinWorker, type TestScheduler } from "./testing-scheduler";

export const DAG = DagId.parse("work");
const KEY = "0123456789abcdef";

export type TestWorker = Awaited<ReturnType<typeof testWorker>>;

/** A worker with real runtimes, and a project with one DAG file. Gone, with all of it, after the test. */
export async function testWorker(runtimeEntry: string, source: string, options: { slots?: number; limits?: z.input<typeof Limits> } = {}) {
  const root = mkdtempSync(path.join(tmpdir(), "vane-worker-"));
  const [home, projectFolder, runFolder] = ["home", "project", "run"].map((name) => path.join(root, name)) as [string, string, string];
  for (const folder of [home, projectFolder]) mkdirSync(folder, { mode: 0o700 });
  const bundle = await buildBundle(projectFolder, "work.ts", source);
  const bundleHash = createHash("sha256").update(bundle.code).digest("hex");
  const structureHash = await structureHashOf(projectFolder, bundle, DAG);

  const id = ProcessId.parse(randomUUID());
  const worker = await startWorker({
    ...{ id, runFolder, installKey: KEY, home, projectFolder, runtimeEntry, log: silentLog },
    slots: options.slots ?? 2,
    env: { PATH: "/usr/local/bin:/usr/bin:/bin", DATABASE_URL: "postgres://secret", HOME: root },
    limits: { termMs: 300, pingMs: 100, ...options.limits },
  });
  onTestFinished(async () => {
    await worker.stop();
    rmSync(root, { recursive: true });
  });

  const socket = path.join(runFolder, `w-${id}.sock`);
  function work(taskId: string, more: Partial<TaskWork> = {}): TaskWork {
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
  async function join(epoch = 1, key = KEY): Promise<TestScheduler> {
    const scheduler = await joinWorker(socket, key, { [DAG]: epoch });
    void scheduler.next("need_bundle").then(({ hash }) => {
      scheduler.send({ type: "bundle", hash, found: bundle });
    });
    return scheduler;
  }
  function logOf({ dagId, run, taskId, mapIndex, attempt }: TaskWork): LogLine[] {
    const file = logPath(path.join(home, "logs"), { dagId, runId: run.runId, taskId, mapIndex, attempt });
    const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
    return lines.map((line) => LogLine.parse(JSON.parse(line)));
  }
  return { worker, root, home, projectFolder, socket, work, join, logOf };
}

const NOON = "2026-11-24T12:00:00.000Z";
