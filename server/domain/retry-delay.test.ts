import fc from "fast-check";
import { expect, it } from "vitest";
import { after, retryDelayMs } from "./retry-delay";
import type { RetryPolicy } from "./task-instance";
import { NOW } from "../testing/tasks";

const policy = (given: Partial<RetryPolicy> & { readonly retries: number }): RetryPolicy => ({
  allowed: { retry: given.retries, lost: 2, interrupted: 10, queue_timeout: 3 },
  delayMs: 30_000,
  backoff: 1,
  maxDelayMs: null,
  ...given,
});
const waits = (given: RetryPolicy) =>
  Array.from({ length: given.allowed.retry }, (_, i) => retryDelayMs(given, given.allowed.retry - i));

it("waits the same time before each retry, or longer each time, up to a cap", () => {
  expect(waits(policy({ retries: 3 }))).toEqual([30_000, 30_000, 30_000]);
  expect(waits(policy({ retries: 4, backoff: 2 }))).toEqual([30_000, 60_000, 120_000, 240_000]);
  expect(waits(policy({ retries: 4, backoff: 2, maxDelayMs: 100_000 }))).toEqual([
    ...[30_000, 60_000, 100_000, 100_000],
  ]);
});

it("is a delay that a date can hold, never shorter than the one before, whatever the policy", () => {
  const anyPolicy = fc
    .record({
      retries: fc.nat(1_000),
      delayMs: fc.double({ min: 0, max: 1e300, noNaN: true }),
      backoff: fc.double({ min: 1, max: 1e300, noNaN: true }),
      maxDelayMs: fc.option(fc.double({ min: 1e-300, max: 1e300, noNaN: true })),
    })
    .map(policy);
  const holds = fc.property(anyPolicy, fc.nat(1_001), (given, left) => {
    const delayMs = retryDelayMs(given, left);
    expect(delayMs).toBeGreaterThanOrEqual(retryDelayMs(given, left + 1));
    expect(() => after(NOW, delayMs).toISOString()).not.toThrow();
  });
  fc.assert(holds, { numRuns: 1_000 });
});

it.each([
  [-1, 0],
  [0, 0],
  [1_500, 1_500],
  [Infinity, 400 * 86_400_000],
])("%d ms from now is an instant", (delayMs, expected) => {
  expect(after(NOW, delayMs).getTime() - NOW.getTime()).toBe(expected);
});
