"use client";

import type { inferRouterOutputs } from "@trpc/server";
import { createContext, useContext, type ReactNode } from "react";
import type { AppRouter } from "../../server/api/root";

export type Me = inferRouterOutputs<AppRouter>["me"]["get"];
export type Permission = Me["permissions"][number];

const SessionContext = createContext<Me | undefined>(undefined);

export function SessionProvider({ me, children }: { readonly me: Me; readonly children: ReactNode }) {
  return <SessionContext value={me}>{children}</SessionContext>;
}

export function useMe(): Me {
  const me = useContext(SessionContext);
  if (!me) throw new Error("Only below the pages for those who are signed in.");
  return me;
}

/** For what is offered; what is done is checked where it is done. */
export const useMay = (permission: Permission): boolean => useMe().permissions.includes(permission);
