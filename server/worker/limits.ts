import { z } from "zod";

/** ENGINE section 3: 60 s outage + 15 s recovery < 90 < 100 < 120. */
export const Limits = z.strictObject({
  /** Without a renewal a DAG's runtimes are killed after this, counted from the sending of the ping that was answered. */
  renewalMs: z.number().positive().default(90_000),
  /** The same by the runtimes themselves, should the worker stand still. */
  watchdogMs: z.number().positive().default(100_000),
  /** A scheduler that leaves pings unanswered for this long loses its socket. */
  unansweredMs: z.number().positive().default(15_000),
  /** Between SIGTERM and SIGKILL. */
  termMs: z.number().positive().default(10_000),
  pingMs: z.number().positive().default(2_000),
  /** A planned stop waits so long for attempts to end by themselves. */
  drainMs: z.number().min(0).default(0),
  /** And so long for schedulers to take in what was reported. */
  farewellMs: z.number().min(0).default(2_000),
  /** And so long one whose supervisor is gone, and whose attempts have ended: the next start may take its time. */
  unheardMs: z.number().min(0).default(600_000),
  /** An attempt that finds no free runtime for this long goes back. */
  waitMs: z.number().positive().default(200),
  /** An attempt that is over before this has its start in its report, and nobody is told of it earlier. */
  tellStartMs: z.number().min(0).default(200),
  /** An idle runtime goes after this, but for the last one. */
  idleMs: z.number().positive().default(60_000),
  /** A promise never to start an exec is kept this long; no socket holds a message for longer. */
  denialMs: z.number().positive().default(3_600_000),
  attemptsPerRuntime: z.int().positive().default(5_000),
  /** A new runtime has some 70 MB resident; one that has worked keeps what its garbage took. */
  idleRssBytes: z
    .int()
    .positive()
    .default(110 * 1024 * 1024),
  runtimeRssBytes: z
    .int()
    .positive()
    .default(1024 * 1024 * 1024),
  /** null: Node's own. */
  runtimeHeapMb: z.int().positive().nullable().default(null),
  bundleBytes: z
    .int()
    .positive()
    .default(500 * 1024 * 1024),
});
export type Limits = z.infer<typeof Limits>;

/** What makes up ENGINE's row of limits. Sizes, and times that have nothing to do with anybody's silence, stay as they are. */
const DIVIDED = ["renewalMs", "watchdogMs", "unansweredMs", "termMs", "pingMs", "farewellMs"] as const;

export function limitsDividedBy(divisor: number): Limits {
  const whole = Limits.parse({});
  return { ...whole, ...Object.fromEntries(DIVIDED.map((name) => [name, whole[name] / divisor])) };
}
