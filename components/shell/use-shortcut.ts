"use client";

import { useEffect, useEffectEvent } from "react";

/** Mod and a letter: Cmd on a Mac, Ctrl elsewhere. */
export function useShortcut(letter: string, act: () => void) {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (!(event.metaKey || event.ctrlKey) || event.altKey || event.shiftKey) return;
    if (event.key.toLowerCase() !== letter) return;
    event.preventDefault();
    act();
  });
  useEffect(() => {
    addEventListener("keydown", onKey);
    return () => {
      removeEventListener("keydown", onKey);
    };
  }, []);
}
