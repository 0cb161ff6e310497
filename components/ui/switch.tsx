"use client";

import { Switch as Base } from "@base-ui/react/switch";

interface Props {
  readonly checked: boolean;
  readonly disabled: boolean;
  /** What it does to what: tooltip and accessible name. */
  readonly label: string;
  readonly title: string;
  readonly onChange: (checked: boolean) => void;
}

/** Quiet while on, so that a column of them does not shout: an outline until the pointer, or the focus, is there. */
export function Switch({ checked, disabled, label, title, onChange }: Props) {
  return (
    <Base.Root
      checked={checked}
      disabled={disabled}
      onCheckedChange={onChange}
      aria-label={label}
      title={title}
      className="group/switch -m-1 inline-flex h-6 w-[34px] flex-none cursor-pointer items-center rounded-control data-disabled:cursor-default data-disabled:opacity-50 p-1 align-middle max-md:-m-2 max-md:h-11 max-md:w-11 max-md:p-2"
    >
      <span className="flex h-4 w-[26px] items-center rounded-full bg-text-3 p-0.5 group-hover/row:bg-inverse group-data-checked/switch:bg-transparent group-data-checked/switch:shadow-[inset_0_0_0_1px_var(--border-2)] group-data-checked/switch:group-hover/row:bg-inverse group-data-checked/switch:group-hover/row:shadow-none group-data-checked/switch:group-focus-visible/switch:bg-inverse">
        <Base.Thumb className="block size-3 rounded-full bg-surface-1 group-data-checked/switch:translate-x-2.5 group-data-checked/switch:bg-text-3 group-data-checked/switch:group-hover/row:bg-inverse-text group-data-checked/switch:group-focus-visible/switch:bg-inverse-text" />
      </span>
    </Base.Root>
  );
}
