import { expect, it } from "vitest";
import { DagId } from "../domain/ids";
import type { Clock } from "../platform/clock";
import { deadlines } from "./deadlines";

const dagId = DagId.parse("work");

it.each([998.7, 999.1, 999.5, 999.9])(
  "a timer that rings at %f ms does not lose what is due at 1000",
  (ringsMs) => {
    let nowMs = 0;
    const timers: (() => void)[] = [];
    // Each look at it takes some of a millisecond.
    const clock: Clock = {
      now: () => new Date(nowMs),
      monotonicMs: () => (nowMs += 0.4),
      wakeAfter(_delayMs, wake) {
        timers.push(wake);
        return () => undefined;
      },
    };
    const found: boolean[] = [];
    const due = deadlines({
      ...{ clock, limitMs: 1_000, renewedMs: () => 0, dags: () => [dagId] },
      onOverdue: () => found.push(due.isOverdue(dagId)),
    });
    due.watch(dagId);
    nowMs = ringsMs;
    for (let ring = timers.shift(); ring && !found.includes(true); ring = timers.shift()) ring();
    expect(found.at(-1), "it was found in the end").toBe(true);
  },
);
