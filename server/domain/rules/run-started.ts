import { hasRoom } from "./has-room";
import type { Candidate, Verdict } from "./rule";

export function runStarted({ run, runs }: Candidate): Verdict {
  const rule = "run_started";
  if (run.state !== "queued") return { rule, met: true, reason: `The run is ${run.state}.` };
  const used = `${runs.active} of ${runs.maxActive} runs of this DAG are running`;
  return {
    rule,
    met: false,
    reason: hasRoom(runs.active, runs.maxActive)
      ? `The run is queued and has its turn with the scheduler's next pass: ${used}.`
      : `The run is queued: ${used}. It starts when one ends, or raise maxActiveRuns.`,
  };
}
