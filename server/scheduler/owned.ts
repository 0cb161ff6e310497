import { z } from "zod";
import { buildGraph, type Graph } from "../domain/graph";
import type { DagId, Exec, RunKey, TaskId } from "../domain/ids";
import type { RunState } from "../domain/run-state";
import { SerializedDag } from "../domain/serialized-dag";
import { isLive } from "../domain/task-instance";
import { JsonText } from "../db/sql/json-text";
import type { DagRow, VersionRow } from "../db/sql/load-dags";
import type { CallbackProgress } from "../db/sql/move-callbacks";
import type { CallbackRow } from "../db/sql/open-callbacks";
import { UnreadableRow } from "../db/sql/statement";
import type { RunFacts, ValueRef } from "../executor/protocol";
import type { ParamsCheck } from "./params-checks";

export interface Version {
  readonly number: number;
  readonly bundleHash: string;
  readonly structureHash: string;
  readonly dag: SerializedDag;
  readonly graph: Graph;
}

/** A task at its place in a run. */
export interface Place {
  readonly run: RunState;
  readonly at: number;
}

/** A function that waits to be called, or that a worker has. */
export interface OpenCallback {
  readonly id: number;
  readonly dag: OwnedDag;
  readonly row: CallbackRow;
  readonly run: RunFacts;
  progress: CallbackProgress;
  /** By the database's clock. */
  timeoutMs: number;
}

/** A DAG as its owner holds it: its row, the versions in use, the open runs. */
export interface OwnedDag {
  readonly dagId: DagId;
  readonly epoch: number;
  readonly file: string;
  readonly createdAt: Date;
  /** Monotonic: silence of a worker counts from here at the earliest. */
  readonly claimedMs: number;
  paused: boolean;
  active: boolean;
  readonly versions: Map<number, Version>;
  latest: Version | undefined;
  currentVersion: number | null;
  nextRun: Date | null;
  lastTick: Date | null;
  readonly runs: Map<RunKey, RunState>;
  /** Scheduled tasks in the order in which they became so. Entries may be stale: who takes one looks again. */
  readonly ready: Place[];
  /** Results of open runs, as inputs for what comes; whatever is missing is read from xcom. */
  readonly results: Map<RunKey, Map<TaskId, ValueRef>>;
  liveTasks: number;
  /** Runs whose tasks are held back until their params have been checked. */
  readonly checks: Map<RunState, ParamsCheck>;
  readonly callbacks: Map<number, OpenCallback>;
  /** There are more in the database than were read. */
  moreCallbacks: boolean;
}

export function ownedDag(row: DagRow, claimedMs: number): OwnedDag {
  const { dagId, epoch, file, createdAt, paused, active, currentVersion, nextRun, lastTick } = row;
  return {
    ...{ dagId, epoch, file, createdAt, paused, active, currentVersion, nextRun, lastTick, claimedMs },
    ...{
      versions: new Map(),
      latest: undefined,
      runs: new Map(),
      ready: [],
      results: new Map(),
      liveTasks: 0,
      checks: new Map(),
      callbacks: new Map(),
      moreCallbacks: false,
    },
  };
}

export function addVersion(dag: OwnedDag, row: VersionRow): Version {
  const known = dag.versions.get(row.number);
  if (known) return known;
  const { number, bundleHash, structureHash } = row;
  const structure = structureOf(row);
  const version = { number, bundleHash, structureHash, dag: structure, graph: buildGraph(structure) };
  dag.versions.set(number, version);
  if (number > (dag.latest?.number ?? 0)) dag.latest = version;
  return version;
}

function structureOf({ dagId, number, structure }: VersionRow): SerializedDag {
  const parsed = JsonText.pipe(SerializedDag).safeParse(structure);
  if (parsed.success) return parsed.data;
  throw new UnreadableRow(
    `The structure of ${dagId}, version ${number}, cannot be read: ${z.prettifyError(parsed.error)}`,
  );
}

export function versionOf(dag: OwnedDag, run: RunState): Version {
  const version = dag.versions.get(run.head.version);
  if (!version) throw new Error(`${dag.dagId} has no version ${run.head.version} in memory.`);
  return version;
}

/** Takes a run into memory: its live attempts are found by their exec from now on, its scheduled tasks are ready. */
export function addRun(dag: OwnedDag, run: RunState, execs: Map<Exec, Place & { dag: OwnedDag }>): void {
  dag.runs.set(run.head.runKey, run);
  for (const [at, task] of run.tasks.entries()) {
    if (task.exec) execs.set(task.exec, { dag, run, at });
    if (isLive(task.state)) dag.liveTasks += 1;
    if (task.state === "scheduled") dag.ready.push({ run, at });
  }
}

export function dropRun(dag: OwnedDag, run: RunState): void {
  dag.runs.delete(run.head.runKey);
  dag.results.delete(run.head.runKey);
  const { version } = run.head;
  const used = [...dag.runs.values()].some((other) => other.head.version === version);
  if (!used && version !== dag.latest?.number) dag.versions.delete(version);
}

export const runningRuns = (dag: OwnedDag): number =>
  [...dag.runs.values()].filter(({ progress }) => progress.state === "running").length;
