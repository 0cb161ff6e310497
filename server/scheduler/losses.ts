import { markDead } from "../db/process-row";
import { readWorkers } from "../db/sql/read-workers";
import type { ProcessId } from "../domain/ids";
import { endRuntimesOf } from "../executor/end-runtimes";
import { groupBy } from "../platform/group-by";
import { isProvenGone } from "../platform/process-identity";
import type { Engine } from "./engine";
import { liveExecs, type LiveExec } from "./live-execs";

/**
 * Looks after attempts whose worker says nothing: it has no socket to us, or stands still with its socket open. Lost is
 * an attempt on proof that worker and runtimes are gone, or after the worker's time, counted from our last exchange with it or our claim of the DAG, whichever is later.
 */
export async function findLosses(engine: Engine): Promise<void> {
  const { workerQuietMs } = engine.limits;
  const orphans = liveExecs(engine).filter(({ worker }) => silentMs(engine, worker) >= workerQuietMs);
  for (const [worker, attempts] of groupBy(orphans, (attempt) => attempt.worker)) {
    await judge(engine, worker, attempts);
  }
}

async function judge(engine: Engine, worker: ProcessId, attempts: readonly LiveExec[]): Promise<void> {
  const known = engine.workers.get(worker) ?? (await getToKnow(engine, worker));
  if (!known.dead && known.identity && isProvenGone(known.identity) && endRuntimesOf(worker)) {
    known.dead = true;
    engine.log.warn({ worker }, "A worker is gone, and its runtimes with it");
    await engine.session.query(markDead(worker, "its process is gone")).catch(() => undefined);
  }
  const silent = silentMs(engine, worker);
  for (const { exec, dag } of attempts) {
    const ownedMs = engine.clock.monotonicMs() - dag.claimedMs;
    if (known.dead || Math.min(silent, ownedMs) >= engine.limits.workerSilenceMs) {
      engine.inputs.push({ kind: "ending", exec, event: "worker_lost" });
      engine.wake();
    }
  }
}

/** Since its last word on a socket that is open, or on any that was. */
function silentMs({ executor, workers, clock }: Engine, worker: ProcessId): number {
  const link = executor.linkTo(worker);
  if (!link && !workers.has(worker)) return Infinity;
  const heardMs = Math.max(link?.lastHeardMs ?? -Infinity, workers.get(worker)?.lastHeardMs ?? -Infinity);
  return clock.monotonicMs() - heardMs;
}

async function getToKnow(engine: Engine, worker: ProcessId) {
  const [row] = await engine.session.query(readWorkers([worker]));
  const known = { identity: row?.identity, lastHeardMs: -Infinity, dead: row?.dead ?? false };
  engine.workers.set(worker, known);
  return known;
}
