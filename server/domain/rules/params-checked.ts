import type { Candidate, Verdict } from "./rule";

/** Refinements are user code, so a worker runs them: once, before the run's first task. */
export const paramsChecked = ({ run }: Candidate): Verdict =>
  run.awaitsCheck
    ? {
        rule: "params_checked",
        met: false,
        reason: "The DAG's own checks of the params run first, in a worker, and have not come back yet.",
      }
    : { rule: "params_checked", met: true, reason: "The params have passed." };
