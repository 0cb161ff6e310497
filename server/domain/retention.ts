import { z } from "zod";
import { bytesInWords } from "./bytes-in-words";
import { runKeyAt, type RunKey } from "./ids";

/** How long what Vane has written is kept. `null`: for ever. */
export const Retention = z.strictObject({
  /** From the last write to a log. */
  logDays: z.number().positive().nullable(),
  /** Of all logs together; the oldest go first. */
  logBytes: z.number().positive().nullable(),
  /** From a run's end. Its tasks, attempts, results and stored objects go with it. */
  runDays: z.number().positive().nullable(),
  /** The newest runs of each DAG stay, however old they are. */
  runsPerDag: z.int().min(0),
});
export type Retention = z.infer<typeof Retention>;

export const GB = 1_000_000_000;

export const DEFAULT_RETENTION: Retention = {
  ...{ logDays: 30, logBytes: 5 * GB },
  ...{ runDays: 90, runsPerDag: 100 },
};

/** What only serves to look something up later: sent alerts, answered commands, processes that are gone. */
const BOOKKEEPING_DAYS = 30;
/** Who changed what. */
const AUDIT_DAYS = 365;
/** Whatever was written to this lately stays, so that nothing goes in front of somebody's eyes or under a writer's hand. */
const GRACE_MS = 3_600_000;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** What is older than these instants may go. `null`: nothing may. */
export interface Cutoffs {
  readonly runs: {
    readonly endedBefore: Date;
    readonly keyBefore: RunKey;
    readonly keepNewest: number;
  } | null;
  readonly bookkeeping: Date;
  readonly audit: Date;
  /** For what has an end of its own: sessions, counts of wrong passwords, links. */
  readonly ended: Date;
  readonly logs: {
    /** For their age. */
    readonly writtenBefore: Date | null;
    /** For their size, and only what is older than this. */
    readonly maxBytes: number | null;
    readonly sparedAfter: Date;
  };
}

export function cutoffsAt({ logDays, logBytes, runDays, runsPerDag }: Retention, now: Date): Cutoffs {
  const daysAgo = (days: number) => new Date(now.getTime() - Math.max(days * DAY_MS, GRACE_MS));
  const endedBefore = runDays === null ? null : daysAgo(runDays);
  return {
    // A run is older than its end, so that its key alone rules out most of those that stay.
    runs: endedBefore && { endedBefore, keyBefore: runKeyAt(endedBefore), keepNewest: runsPerDag },
    bookkeeping: daysAgo(BOOKKEEPING_DAYS),
    audit: daysAgo(AUDIT_DAYS),
    ended: now,
    logs: {
      writtenBefore: logDays === null ? null : daysAgo(logDays),
      maxBytes: logBytes,
      sparedAfter: new Date(now.getTime() - GRACE_MS),
    },
  };
}

/** Bytes by the minute in which they were written last: as much of any number of files as a choice among them needs. */
export type BytesByMinute = Map<number, number>;

export function countBytes(minutes: BytesByMinute, written: Date, bytes: number): void {
  const minute = Math.floor(written.getTime() / MINUTE_MS);
  minutes.set(minute, (minutes.get(minute) ?? 0) + bytes);
}

/** Logs written before this instant are to go: for their age, or because those after it fill the room already. */
export function logsBefore(
  { writtenBefore, maxBytes, sparedAfter }: Cutoffs["logs"],
  minutes: BytesByMinute,
): Date | null {
  const full = maxBytes === null ? null : fullBefore(minutes, maxBytes);
  const forSize = full && (full < sparedAfter ? full : sparedAfter);
  if (!writtenBefore || !forSize) return writtenBefore ?? forSize;
  return forSize > writtenBefore ? forSize : writtenBefore;
}

/** From this instant on everything fits; null: all of it does. */
function fullBefore(minutes: BytesByMinute, maxBytes: number): Date | null {
  let room = maxBytes;
  for (const [minute, bytes] of [...minutes].sort(([a], [b]) => b - a)) {
    room -= bytes;
    if (room < 0) return new Date((minute + 1) * MINUTE_MS);
  }
  return null;
}

/** `Runs are kept for 90 days and at least the last 100 of a DAG, logs for 30 days and up to 5 GB.` */
export function retentionInWords({ logDays, logBytes, runDays, runsPerDag }: Retention): string {
  const days = (count: number | null) => (count === null ? "for ever" : `for ${count} days`);
  const runs = `${days(runDays)}${runDays === null ? "" : ` and at least the last ${runsPerDag} of a DAG`}`;
  const logs = `${days(logDays)}${logBytes === null ? "" : ` and up to ${bytesInWords(logBytes)}`}`;
  return `Runs are kept ${runs}, logs ${logs}.`;
}
