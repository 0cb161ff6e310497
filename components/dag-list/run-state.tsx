import { FileX2, OctagonX } from "lucide-react";
import { RelativeTime } from "../ui/relative-time";
import { runLook, wordOf } from "../ui/run-look";
import { RunMark } from "../ui/run-mark";
import type { DagSummary } from "./dag-summary";
import { withoutPlace } from "./without-place";

/** How the last run ended and why, or what keeps the DAG from running, in one line. */
export function RunState({ dag }: { readonly dag: DagSummary }) {
  const { lastRun, fileError, quarantine } = dag;
  const trouble =
    quarantine ?? (fileError === null ? null : `File does not load: ${withoutPlace(fileError, dag.file)}`);
  const Icon = quarantine === null ? FileX2 : OctagonX;
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      {lastRun ? <LastRun run={lastRun} /> : <span className="text-text-3">No run yet</span>}
      {trouble !== null ? (
        <span className="ml-1 flex min-w-0 items-center gap-1 text-12" title={trouble}>
          <Icon size={14} strokeWidth={1.75} className="flex-none text-text-2" aria-hidden="true" />
          <span className="truncate">{trouble}</span>
        </span>
      ) : (
        lastRun?.why && (
          <span className="ml-1 truncate text-12" title={lastRun.why}>
            {lastRun.why}
          </span>
        )
      )}
    </span>
  );
}

function LastRun({ run }: { readonly run: NonNullable<DagSummary["lastRun"]> }) {
  const look = runLook(run.state, run.reason);
  return (
    <>
      <RunMark look={look} decorative />
      <span className={look === "success" ? "text-text-2" : `state-${look} font-medium text-(--ink)`}>
        {wordOf(look)}
      </span>
      <span className="text-12 text-text-3">
        <RelativeTime instant={new Date(run.endedAt)} />
      </span>
    </>
  );
}
