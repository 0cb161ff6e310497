import type { RunHead, RunState } from "../domain/run-state";
import type { RunFacts } from "../executor/protocol";

const facts = new WeakMap<RunState, RunFacts>();

export function factsOf(run: RunState): RunFacts {
  const known = facts.get(run);
  if (known) return known;
  const made = factsOfHead(run.head);
  facts.set(run, made);
  return made;
}

export function factsOfHead(head: RunHead): RunFacts {
  const { runKey, runId, type, logicalDate, intervalStart, intervalEnd, runAfter, conf, version } = head;
  return {
    ...{ runKey, runId, runType: type, version, params: { ...conf } },
    logicalDate: logicalDate?.toISOString() ?? null,
    intervalStart: intervalStart.toISOString(),
    intervalEnd: intervalEnd.toISOString(),
    runAfter: runAfter.toISOString(),
  };
}
