import { createHash } from "node:crypto";

/** What is wrong with an answer, on purpose. */
export type Fault =
  | { readonly kind: "none" }
  | { readonly kind: "slow"; readonly delayMs: number }
  | { readonly kind: "error" };

/** One answer in so many. */
export const FAULT_EVERY = 20;
const SLOW_MS = { from: 1_000, to: 2_000 };

/**
 * The fault of a path's n-th answer (from 0). Each block of twenty has one, at a place that the seed decides: it repeats,
 * and three attempts of up to six requests each cannot all be hit, which chance would not promise.
 */
export function faultAt(seed: number, path: string, n: number): Fault {
  const block = Math.floor(n / FAULT_EVERY);
  const dice = createHash("sha256")
    .update(JSON.stringify([seed, path, block]))
    .digest();
  if (n % FAULT_EVERY !== dice.readUInt32BE(0) % FAULT_EVERY) return { kind: "none" };
  if (dice.readUInt32BE(4) % 2 === 0) return { kind: "error" };
  return { kind: "slow", delayMs: SLOW_MS.from + (dice.readUInt32BE(8) % (SLOW_MS.to - SLOW_MS.from + 1)) };
}
