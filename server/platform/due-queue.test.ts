import fc from "fast-check";
import { expect, it } from "vitest";
import { dueQueue } from "./due-queue";

it("gives what is due, soonest first, and nothing else", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(100)), fc.nat(100), (times, now) => {
      const queue = dueQueue<number>();
      for (const at of times) queue.add(at, at);
      const sorted = times.toSorted((a, b) => a - b);
      expect(queue.nextMs()).toBe(sorted[0]);
      expect(queue.take(now, Infinity)).toEqual(sorted.filter((at) => at <= now));
      expect(queue.take(Infinity, Infinity)).toEqual(sorted.filter((at) => at > now));
    }),
  );
});

it("takes no more than it is asked for", () => {
  const queue = dueQueue<string>();
  for (const name of ["a", "b", "c"]) queue.add(1, name);
  expect(queue.take(1, 2)).toHaveLength(2);
  expect(queue.take(1, 2)).toHaveLength(1);
});
