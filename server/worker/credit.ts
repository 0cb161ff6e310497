/** An attempt shorter than this is over before its scheduler could have sent the next one. */
const SHORT_MS = 50;
/** Of the newest attempt in the running mean. */
const WEIGHT = 0.2;
/** As much work as a slot does while a flush of a busy scheduler, and the way there and back, take. */
const AHEAD_MS = 40;
/** Of short attempts more would only wait here instead of there. */
const MOST_AHEAD = 32;

export interface Pace {
  ended(durationMs: number): void;
  /** Attempts that may wait here, beyond those that run. */
  readonly lookAhead: number;
}

/** Short tasks are kept waiting here, so that runtimes have work while a flush is under way; long ones are not. */
export function pace(slots: number): Pace {
  let meanMs = Infinity;
  return {
    ended(durationMs) {
      meanMs = meanMs === Infinity ? durationMs : meanMs + WEIGHT * (durationMs - meanMs);
    },
    get lookAhead() {
      if (meanMs >= SHORT_MS) return 0;
      // In powers of two: each change is a message to every scheduler.
      const each = 2 ** Math.floor(Math.log2(Math.max(AHEAD_MS / meanMs, 1)));
      return slots * Math.min(each, MOST_AHEAD);
    },
  };
}

/**
 * What one scheduler may have here at once. Those who use the worker share it; one that does not is told what its
 * share would be, so that it can begin.
 */
export function creditOf(total: number, users: number, isUser: boolean): number {
  return Math.ceil(total / Math.max(users + (isUser ? 0 : 1), 1));
}
