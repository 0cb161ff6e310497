import { isFailing } from "./attention";
import type { DagList } from "./dag-summary";

/** Of the DAGs that are active: how many fail, run, and wait. */
export function countDags({ dags, filesThatDoNotLoad }: DagList) {
  const active = dags.filter(({ paused }) => !paused);
  const inState = (state: "running" | "queued") => active.filter(({ now }) => now?.state === state).length;
  return {
    filesThatDoNotLoad,
    failing: active.filter(isFailing).length,
    running: inState("running"),
    queued: inState("queued"),
  };
}
