"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import type { RefObject } from "react";

/** So many rows are drawn without a second thought. */
const MOST_DRAWN = 200;
const OVERSCAN = 12;

interface Visible {
  /** Height of what is left out above and below. */
  readonly beforePx: number;
  readonly afterPx: number;
  readonly from: number;
  readonly to: number;
}

/** Which rows of a long list are drawn; of a short one, all. */
export function useVisibleRows(
  count: number,
  rowPx: number,
  scroller: RefObject<HTMLElement | null>,
): Visible {
  const long = count > MOST_DRAWN;
  const virtual = useVirtualizer({
    count: long ? count : 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: OVERSCAN,
  });
  if (!long) return { beforePx: 0, afterPx: 0, from: 0, to: count };
  const items = virtual.getVirtualItems();
  const from = items.at(0)?.index ?? 0;
  const to = (items.at(-1)?.index ?? -1) + 1;
  return { beforePx: from * rowPx, afterPx: (count - to) * rowPx, from, to };
}
