"use client";

import { TriangleAlert } from "lucide-react";
import { buttonClass } from "./button-class";

interface Props {
  readonly what: string;
  /** The same as in the log. Undefined for what broke in the browser, of which the log knows nothing. */
  readonly errorId: string | undefined;
  readonly onReload: () => void;
}

/** Stands where a part of a page should be; what lies around it works. */
export function BrokenPart({ what, errorId, onReload }: Props) {
  return (
    <div role="alert" className="p-4 md:p-6">
      <div className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-2 rounded-panel border border-border-1 bg-surface-1 px-3.5 py-2.5">
        <TriangleAlert size={14} strokeWidth={1.75} aria-hidden="true" className="flex-none" />
        <p className="min-w-0 flex-1 basis-60">
          <b className="font-medium">{what}</b>{" "}
          <span className="text-text-2">
            Nothing is lost.{" "}
            {errorId !== undefined && (
              <>
                The log has more under the error id <code>{errorId}</code>.
              </>
            )}
          </span>
        </p>
        <button type="button" className={buttonClass()} onClick={onReload}>
          Reload
        </button>
      </div>
    </div>
  );
}
