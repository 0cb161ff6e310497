import type { Clock } from "./clock";

const WORK_MS = 10;
/** Rests are this many times as long as the work before them. */
const REST = 3;

/** Long work beside work that is urgent asks this between its steps: it rests most of the time, and ends when told to. */
export type Pace = () => Promise<void>;

/** @param stopping its abort makes the next step reject with its reason. */
export function pace(clock: Clock, stopping: AbortSignal): Pace {
  let sinceMs = clock.monotonicMs();
  return async () => {
    stopping.throwIfAborted();
    const workedMs = clock.monotonicMs() - sinceMs;
    if (workedMs < WORK_MS) return;
    await rest(clock, workedMs * REST, stopping);
    sinceMs = clock.monotonicMs();
    stopping.throwIfAborted();
  };
}

function rest(clock: Clock, ms: number, stopping: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      callOff();
      stopping.removeEventListener("abort", over);
      resolve();
    };
    const callOff = clock.wakeAfter(ms, over);
    stopping.addEventListener("abort", over, { once: true });
  });
}
