import { memo } from "react";
import { scheduleInWords } from "../../server/domain/schedule-in-words";
import { middleCut } from "../ui/middle-cut";
import { RelativeTime } from "../ui/relative-time";
import type { DagSummary } from "./dag-summary";
import { PauseSwitch } from "./pause-switch";
import { RunBars } from "./run-bars";
import { RunNow } from "./run-now";
import { RunState } from "./run-state";
import { TriggerButton } from "./trigger-button";

interface Props {
  readonly dag: DagSummary;
  /** The zone that need not be said. */
  readonly zone: string;
  /** Its place in the whole table, counted from 1. */
  readonly at: number;
  readonly mayPause: boolean;
  readonly mayTrigger: boolean;
}

const CELL =
  "h-9 overflow-hidden border-b border-border-1 px-2.5 whitespace-nowrap group-hover/row:bg-surface-2";
const LONGEST_ID = 30;

export const DagRow = memo(function DagRow({ dag, zone, at, mayPause, mayTrigger }: Props) {
  return (
    <tr className={`group/row ${dag.paused ? "text-text-3" : ""}`} aria-rowindex={at}>
      {mayPause && (
        <td className={`${CELL} pl-4`}>
          <PauseSwitch dagId={dag.dagId} paused={dag.paused} />
        </td>
      )}
      <th scope="row" className={`${CELL} text-left font-medium first:pl-4`} title={titleOf(dag)}>
        {middleCut(dag.displayName ?? dag.dagId, LONGEST_ID)}
      </th>
      <td className={`${CELL} text-text-2 max-xl:hidden`} title={cronOf(dag)}>
        <span className="block truncate">
          {scheduleInWords(dag.schedule)}
          {dag.schedule !== null && dag.timezone !== zone && (
            <span className="text-12 text-text-3"> {cityOf(dag.timezone)}</span>
          )}
        </span>
      </td>
      <td className={CELL}>
        <RunBars runs={dag.runs} slots={14} />
      </td>
      <td className={CELL}>
        <RunState dag={dag} />
      </td>
      <td className={CELL}>{dag.now && <RunNow now={dag.now} />}</td>
      <td className={`${CELL} text-right text-text-2 last:pr-4`}>
        {dag.nextRun === null ? (
          dag.paused ? (
            "paused"
          ) : (
            "none"
          )
        ) : (
          <RelativeTime instant={new Date(dag.nextRun)} />
        )}
      </td>
      {mayTrigger && (
        <td className={`${CELL} pr-4 text-right`}>
          <TriggerButton dagId={dag.dagId} />
        </td>
      )}
    </tr>
  );
});

/** `Europe/Berlin` is told from others by its end; the whole of it stands in the tooltip. */
const cityOf = (timezone: string) => timezone.slice(timezone.lastIndexOf("/") + 1).replaceAll("_", " ");

const titleOf = ({ dagId, tags, owners, file }: DagSummary) =>
  [
    dagId,
    file,
    tags.length > 0 && `Tags: ${tags.join(", ")}`,
    owners.length > 0 && `Owners: ${owners.join(", ")}`,
  ]
    .filter(Boolean)
    .join("\n");

function cronOf({ schedule, timezone }: DagSummary): string {
  if (schedule === null) return "It has no schedule.";
  return "once" in schedule ? `Once, in ${timezone}` : `${schedule.cron.join("\n")}\nin ${timezone}`;
}
