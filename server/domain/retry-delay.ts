import type { RetryPolicy } from "./task-instance";

/** 400 days: what the SDK takes as the longest duration, and far from where dates break. */
const LONGEST_MS = 400 * 86_400_000;

/** An instant that a date and a row can hold, whatever delay somebody asked for. */
export const after = (now: Date, delayMs: number): Date =>
  new Date(now.getTime() + Math.min(Math.max(delayMs, 0), LONGEST_MS));

/** How long the next attempt waits after a failure that left `left` retries. The first wait is `delayMs` itself. */
export function retryDelayMs({ allowed, delayMs, backoff, maxDelayMs }: RetryPolicy, left: number): number {
  const earlier = Math.max(allowed.retry - left, 0);
  // No delay stays none: 0 times Infinity would be NaN.
  const factor = Math.min(backoff ** earlier, Number.MAX_VALUE);
  return Math.min(delayMs * factor, maxDelayMs ?? LONGEST_MS, LONGEST_MS);
}
