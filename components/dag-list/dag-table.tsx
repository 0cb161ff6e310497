"use client";

import { useRef } from "react";
import { useMay } from "../session/session";
import { DagRow } from "./dag-row";
import type { DagSummary } from "./dag-summary";
import { useVisibleRows } from "./use-visible-rows";

const ROW_PX = 36;
const HEAD =
  "sticky top-0 z-(--z-sticky) h-[30px] border-b border-border-1 bg-surface-1 px-2.5 text-12 font-normal text-text-2";

/** A row a DAG, for windows that are wide enough for columns. */
export function DagTable({ dags }: { readonly dags: readonly DagSummary[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const { beforePx, afterPx, from, to } = useVisibleRows(dags.length, ROW_PX, scroller);
  const zone = commonZone(dags);
  const mayPause = useMay("dag.pause");
  const mayTrigger = useMay("run.trigger");
  const columns = 6 + (mayPause ? 1 : 0) + (mayTrigger ? 1 : 0);
  return (
    // Focusable, so that it scrolls by keys too.
    <div
      ref={scroller}
      className="min-h-0 flex-1 overflow-auto"
      tabIndex={0}
      role="region"
      aria-label="All DAGs"
    >
      <table
        className="w-full min-w-[920px] table-fixed border-separate border-spacing-0"
        aria-rowcount={dags.length + 1}
      >
        <thead>
          <tr className="text-left">
            {mayPause && <th className={`${HEAD} w-[60px] pl-4`}>Active</th>}
            <th className={`${HEAD} w-[216px] first:pl-4`}>DAG</th>
            <th className={`${HEAD} w-[168px] max-xl:hidden`}>Schedule, {zone}</th>
            <th className={`${HEAD} w-[186px]`}>Last 14 runs</th>
            <th className={HEAD}>State</th>
            <th className={`${HEAD} w-[92px]`}>Now</th>
            <th className={`${HEAD} w-[80px] text-right last:pr-4`}>Next</th>
            {mayTrigger && (
              <th className={`${HEAD} w-[96px] pr-4`}>
                <span className="sr-only">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          <Gap px={beforePx} columns={columns} />
          {dags.slice(from, to).map((dag, index) => (
            <DagRow
              key={dag.dagId}
              dag={dag}
              zone={zone}
              at={from + index + 2}
              {...{ mayPause, mayTrigger }}
            />
          ))}
          <Gap px={afterPx} columns={columns} />
        </tbody>
      </table>
    </div>
  );
}

/** Stands for rows that are out of sight. */
function Gap({ px, columns }: { readonly px: number; readonly columns: number }) {
  if (px === 0) return null;
  return (
    <tr aria-hidden="true">
      <td colSpan={columns} style={{ height: px }} />
    </tr>
  );
}

/** Of most schedules: said once, in the head of the column. */
function commonZone(dags: readonly DagSummary[]): string {
  const counts = new Map<string, number>();
  for (const { schedule, timezone } of dags) {
    if (schedule !== null) counts.set(timezone, (counts.get(timezone) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most?.[0] ?? "UTC";
}
