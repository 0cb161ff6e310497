import type { DagId, Exec } from "../domain/ids";
import type { WorkItem } from "../executor/protocol";
import type { Clock } from "../platform/clock";
import type { BundleFiles } from "../runtime/bundles";
import { startAttempt, type Attempt, type AttemptEnd, type AttemptParts, type Question } from "./attempt";
import type { RuntimePool } from "./runtime-pool";

interface Waiting {
  readonly work: WorkItem;
  /** undefined while it is being asked for. */
  bundle: BundleFiles | undefined;
  sinceMs: number;
}

interface Running {
  readonly work: WorkItem;
  readonly attempt: Attempt;
}

/** Attempts of this worker: so many run, the others wait in line. */
export interface Slots {
  add(work: WorkItem, bundle: BundleFiles | undefined): void;
  /** The bundle has come: whoever waited for it may start. */
  supply(hash: string, bundle: BundleFiles): void;
  /** Takes waiting ones out of the line. */
  withdraw(which: (work: WorkItem, hasBundle: boolean) => boolean): WorkItem[];
  /** Hashes that attempts of the DAG wait for. */
  missingBundles(dagId: DagId): string[];
  running(exec: Exec): Attempt | undefined;
  has(exec: Exec): boolean;
  readonly allRunning: readonly Running[];
  /** Of running and waiting attempts. */
  readonly dags: () => Set<DagId>;
  /** Starts what can start. */
  readonly pump: () => void;
}

interface SlotsParts {
  readonly slots: number;
  readonly pool: RuntimePool;
  readonly clock: Clock;
  readonly waitMs: number;
  readonly attempt: Omit<AttemptParts, "onQuestion" | "onTurnedAway" | "onEnd">;
  readonly onStarted: (work: WorkItem, attempt: Attempt) => void;
  readonly onQuestion: (work: WorkItem, question: Question) => void;
  readonly onEnded: (work: WorkItem, end: AttemptEnd) => void;
  /** It goes back: there was no runtime for it. */
  readonly onNoRoom: (work: WorkItem, why: string) => void;
  /** Asked right before a start; false: it was taken care of. */
  readonly mayStart: (work: WorkItem) => boolean;
}

export function attemptSlots(parts: SlotsParts): Slots {
  const { slots, pool, clock, waitMs } = parts;
  const waiting = new Map<Exec, Waiting>();
  const running = new Map<Exec, Running>();
  let lookIsDue = false;

  function start({ work, bundle }: Waiting & { bundle: BundleFiles }): boolean {
    const seat = pool.take(work.bundleHash, needsFresh(work));
    if (!seat) return false;
    waiting.delete(work.exec);
    if (!parts.mayStart(work)) {
      seat.giveBack();
      return true;
    }
    const attempt = startAttempt(work, bundle, seat, {
      ...parts.attempt,
      onQuestion(question) {
        parts.onQuestion(work, question);
      },
      onTurnedAway() {
        running.delete(work.exec);
        waiting.set(work.exec, { work, bundle, sinceMs: clock.monotonicMs() });
        pump();
      },
      onEnd(end) {
        running.delete(work.exec);
        parts.onEnded(work, end);
      },
    });
    running.set(work.exec, { work, attempt });
    parts.onStarted(work, attempt);
    return true;
  }

  function pump() {
    const missing = { warm: 0, fresh: 0 };
    for (const item of waiting.values()) {
      if (running.size >= slots) return;
      if (item.bundle && !start({ ...item, bundle: item.bundle }))
        missing[needsFresh(item.work) ? "fresh" : "warm"] += 1;
    }
    const free = slots - running.size;
    if (missing.warm > 0) pool.want(Math.min(missing.warm, free), false);
    if (missing.fresh > 0) pool.want(Math.min(missing.fresh, free), true);
  }

  /** Long attempts hold all runtimes: somebody else may have one for those who wait. */
  function look() {
    lookIsDue = false;
    const before = clock.monotonicMs() - waitMs;
    const full =
      running.size >= slots && [...running.values()].every(({ attempt }) => attempt.startedMs <= before);
    const why = pool.broken === undefined ? "There was no free slot" : `No runtime starts: ${pool.broken}`;
    if (full || pool.broken !== undefined) {
      for (const { work } of [...waiting.values()].filter(
        ({ bundle, sinceMs }) => bundle && sinceMs <= before,
      )) {
        waiting.delete(work.exec);
        parts.onNoRoom(work, why);
      }
    }
    lookLater();
  }

  function lookLater() {
    if (lookIsDue || waiting.size === 0) return;
    lookIsDue = true;
    clock.wakeAfter(waitMs, look);
  }

  return {
    pump,
    add(work, bundle) {
      waiting.set(work.exec, { work, bundle, sinceMs: clock.monotonicMs() });
      pump();
      lookLater();
    },
    supply(hash, bundle) {
      for (const item of waiting.values()) {
        if (item.work.bundleHash !== hash) continue;
        item.bundle = bundle;
        item.sinceMs = clock.monotonicMs();
      }
      pump();
    },
    withdraw(which) {
      const out = [...waiting.values()].filter(({ work, bundle }) => which(work, bundle !== undefined));
      for (const { work } of out) waiting.delete(work.exec);
      return out.map(({ work }) => work);
    },
    missingBundles: (dagId) =>
      [...waiting.values()].flatMap(({ work, bundle }) =>
        work.dagId === dagId && !bundle ? [work.bundleHash] : [],
      ),
    running: (exec) => running.get(exec)?.attempt,
    has: (exec) => waiting.has(exec) || running.has(exec),
    get allRunning() {
      return [...running.values()];
    },
    dags: () => new Set([...waiting.values(), ...running.values()].map(({ work }) => work.dagId)),
  };
}

const needsFresh = (work: WorkItem) => work.kind === "task" && work.isolation === "process";
