import type { Candidate, Verdict } from "./rule";

export const owned = (candidate: Candidate): Verdict =>
  candidate.owned
    ? { rule: "scheduler", met: true, reason: "A live scheduler owns the DAG." }
    : {
        rule: "scheduler",
        met: false,
        reason: "No live scheduler owns this DAG. Is Vane's scheduler running?",
      };
