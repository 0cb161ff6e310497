import type { ReactNode } from "react";
import type { RunLook } from "./run-look";

const PATHS: Readonly<Record<RunLook, ReactNode>> = {
  success: <path d="M3.7 7.4l2.3 2.3 4.4-5" />,
  failed: <path d="M4.2 4.2l5.6 5.6M9.8 4.2L4.2 9.8" />,
  running: <path d="M5.2 3.9v6.2L10.2 7z" fill="currentColor" />,
  queued: <path d="M3.8 4.4h6.4M3.8 7h6.4M3.8 9.6h3.6" />,
  cancelled: <rect x="4.6" y="4.6" width="4.8" height="4.8" rx=".6" fill="currentColor" />,
};

/** A state by its shape, for whoever does not see its colour. */
export function Glyph({ look, size }: { readonly look: RunLook; readonly size: number }) {
  return (
    <svg className="glyph" viewBox="0 0 14 14" width={size} height={size} aria-hidden="true">
      {PATHS[look]}
    </svg>
  );
}
