"use client";

import { Menu as Base } from "@base-ui/react/menu";
import { useRef, type ReactElement, type ReactNode } from "react";

interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactElement;
  readonly side?: "top" | "bottom";
  readonly align?: "start" | "end";
  readonly children: ReactNode;
}

export function Menu({ trigger, side = "bottom", align = "start", children }: MenuProps) {
  // In the part of the page that it belongs to, as who hears the page expects.
  const here = useRef<HTMLSpanElement>(null);
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <span ref={here} className="contents" />
      <Base.Portal container={here}>
        <Base.Positioner
          positionMethod="fixed"
          side={side}
          align={align}
          sideOffset={6}
          className="z-(--z-pop)"
        >
          <Base.Popup className="min-w-[200px] rounded-panel border border-border-2 bg-surface-1 p-1 shadow-(--shadow-2) transition-[opacity,translate] duration-(--t-fast) data-ending-style:opacity-0 data-starting-style:translate-y-1 data-starting-style:opacity-0">
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

const ITEM =
  "flex h-7 cursor-pointer items-center gap-2 rounded-[4px] px-2 data-highlighted:bg-surface-4 max-md:h-11";

interface ItemProps {
  readonly children: ReactNode;
  readonly onClick: () => void;
}

export function MenuItem({ children, onClick }: ItemProps) {
  return (
    <Base.Item className={ITEM} onClick={onClick}>
      {children}
    </Base.Item>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: ReactNode }[];
  readonly onChange: (value: string) => void;
}

/** One of a few, chosen in place: the menu stays open. */
export function MenuChoice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <Base.RadioGroup value={value} onValueChange={onChange}>
      <Base.GroupLabel className="px-2 pt-2 pb-1 text-11 text-text-3">{label}</Base.GroupLabel>
      {options.map((option) => (
        <Base.RadioItem key={option.value} value={option.value} closeOnClick={false} className={ITEM}>
          {option.label}
          <Base.RadioItemIndicator className="ml-auto size-1.5 rounded-full bg-accent" />
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  );
}

export function MenuLine() {
  return <Base.Separator className="my-1 h-px bg-border-1" />;
}
