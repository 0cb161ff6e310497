import type { Candidate, Verdict } from "./rule";

export function owned(candidate: Candidate): Verdict {
  const rule = "scheduler";
  if (candidate.owned) return { rule, met: true, reason: "A live scheduler owns the DAG." };
  const reason =
    candidate.quarantine === null
      ? "No live scheduler owns this DAG. Is Vane's scheduler running?"
      : `The DAG is in quarantine and is tried again every minute. ${candidate.quarantine}`;
  return { rule, met: false, reason };
}
