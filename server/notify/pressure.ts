/*
 * How much may be under way through each channel. A healthy one takes several messages at once; one in trouble is tried
 * with one message at a time, after a pause that grows.
 */

const AT_ONCE = 4;
const FIRST_PAUSE_MS = 2_000;
const LAST_PAUSE_MS = 60_000;

interface State {
  running: number;
  failures: number;
  /** Monotonic. */
  closedUntilMs: number;
}

export interface Pressure {
  /** How many may begin now. */
  room(channel: string, nowMs: number): number;
  begin(channel: string): void;
  end(channel: string, outcome: "fine" | { readonly closedForMs: number | undefined }, nowMs: number): void;
  /** Those that take nothing now. */
  closed(nowMs: number): string[];
  /** When the next one opens by itself. */
  nextOpenMs(nowMs: number): number | undefined;
}

export function pressure(): Pressure {
  const states = new Map<string, State>();
  const stateOf = (channel: string): State =>
    states.get(channel) ?? { running: 0, failures: 0, closedUntilMs: -Infinity };

  function room(channel: string, nowMs: number): number {
    const { running, failures, closedUntilMs } = stateOf(channel);
    if (closedUntilMs > nowMs) return 0;
    return Math.max((failures > 0 ? 1 : AT_ONCE) - running, 0);
  }

  return {
    room,
    begin(channel) {
      const state = stateOf(channel);
      states.set(channel, { ...state, running: state.running + 1 });
    },
    end(channel, outcome, nowMs) {
      const state = stateOf(channel);
      const running = state.running - 1;
      if (outcome === "fine") {
        if (running > 0) states.set(channel, { running, failures: 0, closedUntilMs: -Infinity });
        else states.delete(channel);
        return;
      }
      const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** state.failures, LAST_PAUSE_MS);
      const closedUntilMs = nowMs + Math.max(outcome.closedForMs ?? 0, pauseMs);
      states.set(channel, { running, failures: state.failures + 1, closedUntilMs });
    },
    closed: (nowMs) => [...states.keys()].filter((channel) => room(channel, nowMs) === 0),
    nextOpenMs(nowMs) {
      const opens = [...states.values()].map(({ closedUntilMs }) => closedUntilMs);
      const later = opens.filter((ms) => ms > nowMs);
      return later.length === 0 ? undefined : Math.min(...later);
    },
  };
}
