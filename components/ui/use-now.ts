"use client";

import { useSyncExternalStore } from "react";

const TICK_MS = 1_000;

let now: Date | undefined;
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function tick() {
  now = new Date();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  if (timer === undefined) {
    now = new Date();
    timer = setInterval(tick, TICK_MS);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** To the second, the same for whoever looks; undefined where nobody looks yet: on the server. */
export function useNow(): Date | undefined {
  return useSyncExternalStore(
    subscribe,
    () => (now ??= new Date()),
    () => undefined,
  );
}
