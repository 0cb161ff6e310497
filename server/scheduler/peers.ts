import { markDead } from "../db/process-row";
import { liveProcesses, type LiveProcess } from "../db/sql/live-processes";
import { countShare } from "../db/sql/count-share";
import type { ProcessId } from "../domain/ids";
import { isProvenGone } from "../platform/process-identity";
import { endRuntimesOf } from "../executor/end-runtimes";
import type { Engine } from "./engine";
import type { Limits } from "./limits";

/** Death is observed, not computed: so long without a step of the beat, in this many looks without a gap. */
const LOOKS = 8;

export interface Observation {
  readonly beat: number;
  readonly sinceMs: number;
  readonly lookedMs: number;
  readonly looks: number;
}

/** What one more look says; a gap between two looks, or a step of the beat, begins anew. */
export function observe(
  before: Observation | undefined,
  beat: number,
  nowMs: number,
  { maxGapMs }: Limits,
): Observation {
  const goesOn = before?.beat === beat && nowMs - before.lookedMs <= maxGapMs;
  if (!goesOn) return { beat, sinceMs: nowMs, lookedMs: nowMs, looks: 1 };
  return { ...before, lookedMs: nowMs, looks: before.looks + 1 };
}

export const isDead = ({ sinceMs, lookedMs, looks }: Observation, { deadAfterMs }: Limits): boolean =>
  lookedMs - sinceMs >= deadAfterMs && looks >= LOOKS;

/** Watches the other processes, buries the dead, and finds this one's fair share of the DAGs. */
export function peerWatch(engine: Engine) {
  const { limits } = engine;
  const observations = new Map<ProcessId, Observation>();

  async function look(): Promise<void> {
    const processes = await engine.session.query(liveProcesses);
    const now = engine.clock.monotonicMs();
    const fresh = now - engine.flusher.lastCommitMs() < limits.staleCommitMs;
    for (const process of processes) {
      const seen = observe(observations.get(process.id), process.beat, now, limits);
      observations.set(process.id, seen);
      if (fresh && process.id !== engine.id) await bury(process, seen);
    }
    const alive = new Set(processes.map(({ id }) => id));
    for (const id of observations.keys()) if (!alive.has(id)) observations.delete(id);
    const [counts] = await engine.session.query(countShare);
    if (counts) engine.share = Math.ceil(counts.dags / Math.max(counts.schedulers, 1));
  }

  async function bury(process: LiveProcess, seen: Observation): Promise<void> {
    const gone = isProvenGone(process);
    // A worker is never dead by silence, and its proof includes its runtimes: see losses.ts, for those with attempts of ours.
    if (process.kind === "worker" && !(gone && endRuntimesOf(process.id))) return;
    if (!gone && !(process.kind === "scheduler" && isDead(seen, limits))) return;
    const reason = gone ? "its process is gone" : `its beat stood still for ${limits.deadAfterMs / 1_000} s`;
    await engine.session.query(markDead(process.id, reason));
    engine.log.warn({ process: process.id, kind: process.kind, reason }, "A process is dead");
    const worker = engine.workers.get(process.id);
    if (worker) worker.dead = true;
    if (process.kind !== "scheduler") return;
    engine.look.claim = true;
    engine.wake();
  }

  return { look };
}
