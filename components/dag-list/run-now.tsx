import { Elapsed } from "../ui/elapsed";
import { RunMark } from "../ui/run-mark";
import type { DagSummary } from "./dag-summary";

/** What is in progress, and for how long. */
export function RunNow({ now }: { readonly now: NonNullable<DagSummary["now"]> }) {
  return (
    <span className="flex items-center gap-1.5 text-text-2" title={now.runId}>
      <RunMark look={now.state} />
      <Elapsed since={new Date(now.startedAt ?? now.queuedAt)} />
      {now.others > 0 && (
        <span className="text-11 text-text-3" title={`and ${now.others} more of this DAG`}>
          +{now.others}
        </span>
      )}
    </span>
  );
}
