"use client";

import { useSyncExternalStore } from "react";

/** Below it, tables are lists and the nav is at the bottom (UI, skeleton). */
export const PHONE = "(max-width: 767px)";

/** Whether the window is so; false on the server. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = matchMedia(query);
      list.addEventListener("change", listener);
      return () => {
        list.removeEventListener("change", listener);
      };
    },
    () => matchMedia(query).matches,
    () => false,
  );
}
