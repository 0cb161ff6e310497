"use client";

import { useServerState } from "../trpc/api-provider";

/** Why nothing can be changed just now, for the tooltip of what is disabled; undefined: it can. */
export function useWhyNot(): string | undefined {
  return useServerState().silentSince && "No connection: nothing can be changed.";
}
