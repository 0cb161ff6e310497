"use client";

import { useQueryClient } from "@tanstack/react-query";
import { RefreshCw, WifiOff, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { useServerState } from "../trpc/api-provider";
import { buttonClass } from "../ui/button-class";

/** Above a page that shows what was once so, or that is older than the server. */
export function ServerBanner() {
  const { silentSince, outdated } = useServerState();
  const queries = useQueryClient();
  if (silentSince) {
    return (
      <Banner
        icon={WifiOff}
        action="Try now"
        onAction={() => void queries.refetchQueries({ type: "active" })}
      >
        <b className="font-medium">No connection since {silentSince.toLocaleTimeString("en-GB")}.</b> You see
        what was known then. Vane is asked again every few seconds.
      </Banner>
    );
  }
  if (outdated) {
    return (
      <Banner
        icon={RefreshCw}
        action="Reload"
        onAction={() => {
          location.reload();
        }}
      >
        <b className="font-medium">Vane was updated.</b> This page is of the version before: reload it.
      </Banner>
    );
  }
  return null;
}

interface Props {
  readonly icon: LucideIcon;
  readonly children: ReactNode;
  readonly action: string;
  readonly onAction: () => void;
}

function Banner({ icon: Icon, children, action, onAction }: Props) {
  return (
    <div
      role="status"
      className="flex min-h-9 flex-none items-center gap-2 border-b border-border-1 bg-surface-4 px-4 max-md:py-1.5"
    >
      <Icon size={14} strokeWidth={1.75} className="flex-none" aria-hidden="true" />
      <p>{children}</p>
      <button type="button" className={`ml-auto ${buttonClass({ size: "small" })}`} onClick={onAction}>
        {action}
      </button>
    </div>
  );
}
