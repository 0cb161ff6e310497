"use client";

import { useState, type ReactNode } from "react";
import { SessionProvider, type Me } from "../session/session";
import { Toasts } from "../ui/toasts";
import { Nav } from "./nav";
import { PhoneTabs } from "./phone-tabs";
import { RAIL_COOKIE } from "./rail-cookie";
import { ServerBanner } from "./server-banner";
import { Strip } from "./strip";
import { useShortcut } from "./use-shortcut";

interface Props {
  readonly me: Me;
  readonly environmentName: string;
  /** Whether the nav shows icons only, as it was left. */
  readonly rail: boolean;
  readonly children: ReactNode;
}

/** What stands around every page: where one can go, what is not healthy, who one is. None of it ever moves. */
export function Shell({ me, environmentName, rail: railBefore, children }: Props) {
  const [rail, setRail] = useState(railBefore);
  useShortcut("b", () => {
    setRail(!rail);
    document.cookie = `${RAIL_COOKIE}=${rail ? "" : "1"}; Path=/; Max-Age=31536000; SameSite=Lax`;
  });
  return (
    <SessionProvider me={me}>
      <Toasts>
        <div
          data-rail={rail ? "" : undefined}
          className="group/shell grid h-dvh grid-cols-[184px_minmax(0,1fr)] grid-rows-[minmax(0,1fr)_28px] overflow-hidden bg-surface-0 [--page-height:100%] data-rail:grid-cols-[48px_minmax(0,1fr)] max-[1199px]:grid-cols-[48px_minmax(0,1fr)] max-md:grid-cols-1 max-md:grid-rows-[minmax(0,1fr)_60px] max-md:data-rail:grid-cols-1"
        >
          <Nav environmentName={environmentName} rail={rail} />
          <div className="flex min-h-0 min-w-0 flex-col overflow-auto bg-surface-1">
            <ServerBanner />
            {children}
          </div>
          <Strip />
          <PhoneTabs />
        </div>
      </Toasts>
    </SessionProvider>
  );
}
