import { refsOf } from "../domain/expr";
import type { TaskId } from "../domain/ids";
import type { RunState } from "../domain/run-state";
import type { TaskInstance } from "../domain/task-instance";
import { readResults, type ValueRow } from "../db/sql/read-values";
import type { TaskWork, ValueRef, WorkItem } from "../executor/protocol";
import type { WorkerLink } from "../executor/worker-link";
import { callbackWork } from "./callbacks";
import { checkWork } from "./check-params";
import { dispatchesOf, type Draft } from "./draft";
import type { Engine } from "./engine";
import { workerOf } from "./live-execs";
import { persistently } from "./persistently";
import { versionOf, type OwnedDag } from "./owned";
import { factsOf } from "./run-facts";

const NONE: ValueRef = { none: true };

/** After COMMIT: what the flush made durable goes to its worker, if it is still the current word about that task. */
export async function handOver(
  engine: Engine,
  draft: Draft,
  pings: ReadonlyMap<WorkerLink, number>,
): Promise<void> {
  const byWorker = new Map<string, WorkItem[]>();
  const give = (worker: string, work: WorkItem) => {
    const items = byWorker.get(worker);
    if (items) items.push(work);
    else byWorker.set(worker, [work]);
  };
  for (const { run, at, task } of dispatchesOf(draft)) {
    const dag = engine.dags.get(run.head.dagId);
    if (!dag || !task.exec || !task.worker) continue;
    give(task.worker, await workOf(engine, dag, run, at, task));
  }
  for (const { worker, work } of checkWork(draft)) give(worker, work);
  for (const { worker, work } of callbackWork(engine, draft)) give(worker, work);
  for (const link of engine.executor.links()) {
    const items = byWorker.get(link.worker);
    if (!items) continue;
    const current = items.filter(({ exec }) => workerOf(engine, exec) === link.worker);
    if (link.send({ type: "dispatch", ping: pings.get(link) ?? 0, items: current }))
      byWorker.delete(link.worker);
  }
  // No way to that worker: we know that we never sent it, so we take it back.
  for (const { exec } of [...byWorker.values()].flat()) {
    engine.inputs.push({ kind: "ending", exec, event: "never_started" });
    engine.wake();
  }
}

async function workOf(
  engine: Engine,
  dag: OwnedDag,
  run: RunState,
  at: number,
  task: TaskInstance,
): Promise<TaskWork> {
  const node = run.graph.nodes[at];
  if (!node || !task.exec) throw new Error(`${task.taskId} has no node or exec to be dispatched with.`);
  const { bundleHash, structureHash } = versionOf(dag, run);
  const needed = [...new Set(node.args.flatMap((arg) => [...refsOf(arg)]))];
  return {
    ...{ kind: "task", exec: task.exec, dagId: dag.dagId, epoch: dag.epoch, run: factsOf(run) },
    ...{ bundleHash, structureHash, taskId: task.taskId, mapIndex: task.mapIndex, attempt: task.attempt },
    ...{ args: node.args, isolation: node.settings.isolation },
    values: needed.length === 0 ? {} : await valuesOf(engine, dag, run, needed),
  };
}

async function valuesOf(engine: Engine, dag: OwnedDag, run: RunState, needed: readonly TaskId[]) {
  const known = dag.results.get(run.head.runKey) ?? new Map<TaskId, ValueRef>();
  const missing = needed.filter((taskId) => !known.has(taskId));
  if (missing.length > 0) {
    // After a takeover memory starts empty; what is not there either has returned nothing.
    const rows = await persistently(engine, () =>
      engine.session.query(readResults(run.head.runKey, missing)),
    );
    for (const taskId of missing) known.set(taskId, valueOf(rows.find((row) => row.taskId === taskId)));
    dag.results.set(run.head.runKey, known);
  }
  return Object.fromEntries(needed.map((taskId) => [taskId, known.get(taskId) ?? NONE]));
}

function valueOf(row: ValueRow | undefined): ValueRef {
  if (!row) return NONE;
  if (row.value !== null) return { json: row.value };
  return row.reference === null ? NONE : { reference: row.reference, bytes: row.bytes };
}
