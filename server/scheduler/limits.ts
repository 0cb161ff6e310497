import { z } from "zod";

/** ENGINE sections 2, 3 and 8. Tests divide them all by the same number, as they do a worker's. */
export const Limits = z.strictObject({
  beatMs: z.number().positive().default(2_000),
  /** Between two looks at the peers, and at workers that say nothing. */
  sweepMs: z.number().positive().default(1_000),
  /** A peer is dead whose beat stood still for this long ... */
  deadAfterMs: z.number().positive().default(10_000),
  /** ... without a gap between two looks that is longer than this. */
  maxGapMs: z.number().positive().default(3_000),
  /** Whose own last commit is older than this claims nothing and deposes nobody: it may be the one who is gone. */
  staleCommitMs: z.number().positive().default(3_000),
  /** An owner calls an attempt lost after this silence of its worker, and not a moment earlier without proof. */
  workerSilenceMs: z.number().positive().default(120_000),
  /** Several pings: who was heard since then needs no looking after. */
  workerQuietMs: z.number().positive().default(10_000),
  /** A worker that was heard since then is alive, says its row. */
  workerHeardMs: z.number().positive().default(5_000),
  /** Three pings: a worker that stands still would keep what it is sent until it is called lost. */
  workerIdleMs: z.number().positive().default(6_000),
  /** A flush without an answer goes over a new connection. */
  flushMs: z.number().positive().default(5_000),
});
export type Limits = z.infer<typeof Limits>;

export function limitsDividedBy(divisor: number): Limits {
  const whole = Object.entries(Limits.parse({}));
  return Limits.parse(Object.fromEntries(whole.map(([name, ms]) => [name, ms / divisor])));
}
