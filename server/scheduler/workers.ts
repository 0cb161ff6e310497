import { markDead } from "../db/process-row";
import { beatWorkers } from "../db/sql/beat-workers";
import { readBundle } from "../db/sql/read-bundle";
import type { Exec } from "../domain/ids";
import type { FromWorker } from "../executor/protocol";
import type { LinkEvents, WorkerLink } from "../executor/worker-link";
import { answerSecret } from "./answer-secrets";
import type { Engine } from "./engine";
import { liveExecs } from "./live-execs";

/** What workers say becomes inputs of the next pass, or is answered at once where nothing has to be decided. */
export function workerEvents(engine: () => Engine): LinkEvents {
  return {
    onWelcome: (link) => {
      welcome(engine(), link);
    },
    onMessage: (link, message) => {
      hear(engine(), link, message);
    },
    onClosed: (link) => {
      const { workers, uncertain, clock } = engine();
      uncertain.delete(link);
      const known = workers.get(link.worker);
      if (known) known.lastHeardMs = Math.max(known.lastHeardMs, link.lastHeardMs);
      else
        workers.set(link.worker, { identity: link.identity, lastHeardMs: clock.monotonicMs(), dead: false });
    },
  };
}

function welcome(engine: Engine, link: WorkerLink): void {
  const { worker: id, identity, slots, lastHeardMs } = link;
  engine.workers.set(id, { identity, lastHeardMs, dead: false });
  for (const { exec, worker } of liveExecs(engine)) if (worker === id) link.inFlight.add(exec);
  engine.uncertain.add(link);
  engine.look.beat = true;
  engine.log.info({ worker: id, slots }, "A worker is there");
  // Should this fail, the next sweep writes it.
  noteWorkers(engine).catch(() => undefined);
  engine.wake();
}

export async function noteWorkers({ executor, clock, session, limits }: Engine): Promise<void> {
  const now = clock.monotonicMs();
  const heard = executor.links().filter(({ lastHeardMs }) => now - lastHeardMs < limits.workerHeardMs);
  if (heard.length > 0) await session.query(beatWorkers(heard));
}

function hear(engine: Engine, link: WorkerLink, message: FromWorker): void {
  switch (message.type) {
    case "ping":
      // The first one is answered at once, so that a new worker need not wait for a beat.
      if (link.answeredPing === 0) engine.look.beat = true;
      sayAlive(engine, link, message.id);
      break;
    case "credit":
      break;
    case "started":
      // By a clock of its own, that may be wrong: nothing began later than now.
      noteStart(
        engine,
        message.exec,
        new Date(Math.min(Date.parse(message.at), engine.clock.now().getTime())),
      );
      return;
    case "reports":
      for (const report of message.reports) engine.inputs.push({ kind: "report", link, report });
      break;
    case "inventory":
      for (const exec of message.unknown)
        engine.inputs.push({ kind: "ending", exec, event: "never_started" });
      break;
    case "need_bundle":
      void sendBundle(engine, link, message.hash);
      return;
    case "need_connection":
    case "need_variable":
      void answerSecret(engine, link, message);
      return;
    case "goodbye":
      void farewell(engine, link);
      return;
    case "challenge":
    case "welcome":
      return; // once a connection; the link has taken them
  }
  engine.wake();
}

/**
 * While no flush comes back, pings are answered with nothing: that renews no DAG (ENGINE section 3.2), and yet the worker
 * knows that the link is alive both ways and need not close it.
 */
function sayAlive({ flusher, limits, clock }: Engine, link: WorkerLink, ping: number): void {
  if (clock.monotonicMs() - flusher.lastCommitMs() > 2 * limits.beatMs)
    link.send({ type: "holds", ping, dags: [] });
}

/** With the time that the worker takes to tell: a row knows its start after a second (ENGINE section 6). */
const STARTED_WITHIN_MS = 800;

/** No flush of its own: on a chain of short tasks that would double them. */
function noteStart(engine: Engine, exec: Exec, at: Date): void {
  if (engine.started.size === 0) {
    engine.clock.wakeAfter(STARTED_WITHIN_MS, () => {
      engine.look.started = true;
      engine.wake();
    });
  }
  engine.started.set(exec, at);
}

async function sendBundle(engine: Engine, link: WorkerLink, hash: string): Promise<void> {
  try {
    const [found] = await engine.session.query(readBundle(hash));
    link.send({ type: "bundle", hash, found: found ?? null });
  } catch (error) {
    engine.log.warn({ hash, error: String(error) }, "Cannot read a bundle; trying again");
    engine.clock.wakeAfter(200, () => void sendBundle(engine, link, hash));
  }
}

/** It has ended all it had; what it could not report in time is lost, and its goodbye is the proof. */
async function farewell(engine: Engine, link: WorkerLink): Promise<void> {
  const known = engine.workers.get(link.worker);
  if (known) known.dead = true;
  await engine.session.query(markDead(link.worker, "goodbye")).catch(() => undefined);
}
