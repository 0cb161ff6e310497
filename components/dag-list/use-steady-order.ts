"use client";

import { useState } from "react";
import { byAttention, inKnownOrder } from "./attention";
import type { DagSummary } from "./dag-summary";

/** Sorted when it is first shown and when somebody asks: rows do not move while they are looked at. */
export function useSteadyOrder(dags: readonly DagSummary[]) {
  const [known, setKnown] = useState<readonly string[]>(() => idsOf(byAttention(dags)));
  const shown = inKnownOrder(dags, known);
  const sorted = idsOf(byAttention(dags));
  return {
    shown,
    isSorted: idsOf(shown).every((id, index) => id === sorted[index]),
    sort: () => {
      setKnown(sorted);
    },
  };
}

const idsOf = (dags: readonly DagSummary[]): string[] => dags.map(({ dagId }) => dagId);
