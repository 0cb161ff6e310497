import type { Candidate, Verdict } from "./rule";

/** What runs already is left alone; nothing new begins. */
export const notPaused = ({ paused }: Candidate): Verdict =>
  paused
    ? { rule: "not_paused", met: false, reason: "The DAG is paused. Unpause it to go on." }
    : { rule: "not_paused", met: true, reason: "The DAG is not paused." };
