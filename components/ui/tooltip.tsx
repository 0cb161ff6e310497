"use client";

import { Tooltip as Base } from "@base-ui/react/tooltip";
import type { ReactElement, ReactNode } from "react";

interface Props {
  readonly text: ReactNode;
  /** What it is about; it gets the focus and the pointer. */
  readonly children: ReactElement;
}

export function Tooltip({ text, children }: Props) {
  return (
    <Base.Root>
      <Base.Trigger delay={400} render={children} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} className="z-(--z-pop)">
          <Base.Popup className="max-w-80 rounded-control bg-inverse px-2 py-1 text-12 text-inverse-text transition-opacity duration-(--t-fast) data-ending-style:opacity-0 data-starting-style:opacity-0">
            {text}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
