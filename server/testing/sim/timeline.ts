import type { Clock } from "../../platform/clock";
import { dueQueue } from "../../platform/due-queue";

/** A process: while it stands still nothing reaches it and no timer of it rings; once it is dead nothing ever does. */
export interface Actor {
  readonly name: string;
  alive: boolean;
  pausedUntilMs: number;
}

export const actor = (name: string): Actor => ({ name, alive: true, pausedUntilMs: 0 });

export interface Timeline {
  readonly nowMs: () => number;
  /** Returns what calls it off. Things of one moment happen in the order in which they were set. */
  readonly after: (delayMs: number, whose: Actor | undefined, act: () => void) => () => void;
  /** The next thing happens. False: nothing is left. */
  step(): boolean;
}

interface Event {
  readonly seq: number;
  readonly whose: Actor | undefined;
  readonly act: () => void;
  off: boolean;
}

/** Orders events of one millisecond; far too little to make one of them late. */
const TIE_MS = 1e-8;

export function timeline(): Timeline {
  const queue = dueQueue<Event>();
  let nowMs = 0;
  let seq = 0;

  function put(atMs: number, event: Event) {
    queue.add(atMs + event.seq * TIE_MS, event);
  }

  return {
    nowMs: () => nowMs,
    after(delayMs, whose, act) {
      const event = { seq: (seq += 1), whose, act, off: false };
      put(nowMs + Math.max(0, Math.ceil(delayMs)), event);
      return () => {
        event.off = true;
      };
    },
    step() {
      for (;;) {
        const atMs = queue.nextMs();
        const [event] = queue.take(Infinity, 1);
        if (atMs === undefined || !event) return false;
        if (event.off || event.whose?.alive === false) continue;
        const dueMs = Math.floor(atMs);
        if (event.whose && event.whose.pausedUntilMs > dueMs) {
          put(event.whose.pausedUntilMs, event);
          continue;
        }
        nowMs = Math.max(nowMs, dueMs);
        event.act();
        return true;
      }
    },
  };
}

/** Where simulated time begins. */
export const BEGIN = new Date("2026-11-24T14:00:00Z");

/** @param offsetMs how far it is from the database's time, which is the timeline's own */
export function clockOf({ nowMs, after }: Timeline, whose: Actor, offsetMs: () => number): Clock {
  return {
    now: () => new Date(BEGIN.getTime() + nowMs() + offsetMs()),
    monotonicMs: nowMs,
    wakeAfter: (delayMs, wake) => after(delayMs, whose, wake),
  };
}
