"use client";

import type { LucideIcon } from "lucide-react";
import type { ComponentProps } from "react";
import { Tooltip } from "./tooltip";

interface Props extends Omit<ComponentProps<"button">, "aria-label" | "children"> {
  /** Tooltip and accessible name. */
  readonly label: string;
  readonly icon: LucideIcon;
  readonly size?: 24 | 28;
}

/** For what everybody knows by its picture: close, show, expand, more. Anything else has a word. */
export function IconButton({ label, icon: Icon, size = 24, className = "", ...button }: Props) {
  const box = size === 24 ? "size-6" : "size-7";
  return (
    <Tooltip text={label}>
      <button
        type="button"
        aria-label={label}
        className={`grid ${box} flex-none place-items-center rounded-control text-text-2 hover:bg-surface-3 aria-disabled:opacity-50 aria-expanded:bg-surface-4 ${className}`}
        {...button}
      >
        <Icon size={size === 24 ? 14 : 16} strokeWidth={1.75} aria-hidden="true" />
      </button>
    </Tooltip>
  );
}
