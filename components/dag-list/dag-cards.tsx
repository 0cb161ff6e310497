"use client";

import { useRef } from "react";
import { useMay } from "../session/session";
import { DagCard } from "./dag-card";
import type { DagSummary } from "./dag-summary";
import { useVisibleRows } from "./use-visible-rows";

const CARD_PX = 64;

/** Two lines a DAG, for a phone. */
export function DagCards({ dags }: { readonly dags: readonly DagSummary[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const { beforePx, afterPx, from, to } = useVisibleRows(dags.length, CARD_PX, scroller);
  const mayAct = useMay("run.trigger");
  return (
    <div
      ref={scroller}
      className="min-h-0 flex-1 overflow-auto"
      tabIndex={0}
      role="region"
      aria-label="All DAGs"
    >
      <ul style={{ paddingTop: beforePx, paddingBottom: afterPx }}>
        {dags.slice(from, to).map((dag) => (
          <DagCard key={dag.dagId} dag={dag} mayAct={mayAct} />
        ))}
      </ul>
    </div>
  );
}
