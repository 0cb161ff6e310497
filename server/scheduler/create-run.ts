import { newTasks, runState, type RunHead, type RunState } from "../domain/run-state";
import type { Draft } from "./draft";
import type { Engine } from "./engine";
import { addRun, type OwnedDag, type Version } from "./owned";

const NEW = {
  state: "queued",
  intent: null,
  reason: null,
  error: null,
  clearNumber: 0,
  startedAt: null,
  endedAt: null,
} as const;

/** A run of the DAG's latest version, into this flush; it gets its place in the same pass if there is room. */
export function createRun(
  engine: Engine,
  draft: Draft,
  dag: OwnedDag,
  version: Version,
  given: Omit<RunHead, "runKey" | "dagId" | "version" | "queuedAt">,
): RunState {
  const head = {
    ...given,
    runKey: engine.newRunKey(),
    dagId: dag.dagId,
    version: version.number,
    queuedAt: draft.now,
  };
  const run = runState(head, NEW, version.graph, newTasks(version.graph));
  draft.created.set(run, { run, epoch: dag.epoch });
  draft.touched.add(dag.dagId);
  addRun(dag, run, engine.execs);
  engine.queuedDags.add(dag);
  return run;
}
