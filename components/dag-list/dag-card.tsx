import { memo } from "react";
import { scheduleInWords } from "../../server/domain/schedule-in-words";
import { Elapsed } from "../ui/elapsed";
import { RelativeTime } from "../ui/relative-time";
import { runLook, wordOf } from "../ui/run-look";
import { RunMark } from "../ui/run-mark";
import { DagActions } from "./dag-actions";
import { isFailing } from "./attention";
import type { DagSummary } from "./dag-summary";
import { RunBars } from "./run-bars";
import { withoutPlace } from "./without-place";

interface Props {
  readonly dag: DagSummary;
  readonly mayAct: boolean;
}

export const DagCard = memo(function DagCard({ dag, mayAct }: Props) {
  const look = lookOf(dag);
  return (
    <li
      className={`grid h-16 grid-cols-[18px_minmax(0,1fr)_auto_auto] items-center gap-x-3 border-b border-border-1 py-2 pl-4 text-[14px] ${mayAct ? "pr-1" : "pr-4"} ${dag.paused ? "text-text-3" : ""}`}
    >
      {look ? (
        <RunMark look={look} size={18} />
      ) : (
        <span className="size-[18px] rounded-[4px] shadow-[inset_0_0_0_1px_var(--border-2)]" />
      )}
      <span className="min-w-0">
        <span className="block truncate font-medium">{dag.displayName ?? dag.dagId}</span>
        <span className="block truncate text-12/[18px]">
          <SecondLine dag={dag} />
        </span>
      </span>
      <span className="grid justify-items-end gap-1">
        <RunBars runs={dag.runs} slots={8} />
      </span>
      {mayAct && <DagActions dagId={dag.dagId} paused={dag.paused} />}
    </li>
  );
});

const lookOf = (dag: DagSummary) =>
  !isFailing(dag) && dag.now ? dag.now.state : dag.lastRun && runLook(dag.lastRun.state, dag.lastRun.reason);

/** What one should know of it, in one line. */
function SecondLine({ dag }: { readonly dag: DagSummary }) {
  const { lastRun, now, quarantine, fileError } = dag;
  if (quarantine !== null) return quarantine;
  if (fileError !== null) return `File does not load: ${withoutPlace(fileError, dag.file)}`;
  if (lastRun && isFailing(dag)) return lastRun.why ?? wordOf("failed");
  if (now) {
    return (
      <span className="text-text-2">
        {wordOf(now.state)} for <Elapsed since={new Date(now.startedAt ?? now.queuedAt)} />
      </span>
    );
  }
  return (
    <span className="text-text-2">
      {scheduleInWords(dag.schedule)}
      {lastRun && (
        <>
          , {wordOf(runLook(lastRun.state, lastRun.reason)).toLowerCase()}{" "}
          <RelativeTime instant={new Date(lastRun.endedAt)} />
        </>
      )}
    </span>
  );
}
