import { randomUUID } from "node:crypto";
import { connectClient } from "../db/pool";
import { insertProcess, sayGoodbye } from "../db/process-row";
import { openSession } from "../db/session";
import { query } from "../db/sql/statement";
import { DagId, ProcessId } from "../domain/ids";
import { localExecutor } from "../executor/local";
import { systemClock, type Clock } from "../platform/clock";
import type { Log } from "../platform/log";
import { ownIdentity } from "../platform/process-identity";
import type { Running } from "../platform/running";
import { newEngine, type Engine } from "./engine";
import { flusher } from "./flush";
import { findLosses } from "./losses";
import { runPass } from "./pass";
import { peerWatch } from "./peers";
import { workerEvents } from "./workers";

export interface SchedulerOptions {
  readonly databaseUrl: string;
  /** Where workers of this machine listen. */
  readonly runFolder: string;
  readonly installKey: string;
  readonly home: string;
  /** For links in alerts. */
  readonly publicUrl: string;
  readonly log: Log;
}

const BEAT_MS = 2_000;
const SWEEP_MS = 1_000;

/** A scheduler: claims DAGs and moves their runs. Deposed, it drops all it knows and competes again as a new process. */
export async function startScheduler(options: SchedulerOptions): Promise<Running> {
  const { log } = options;
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  failed.catch(() => undefined);
  let stopping = false;
  let life = await newLife(options, onEnd);

  function onEnd(end: "deposed" | { readonly error: unknown }) {
    if (stopping) return;
    if (end !== "deposed") {
      fail(end.error);
      return;
    }
    log.warn({ process: life.engine.id }, "Deposed; starting anew under another id");
    void life.stop("deposed").then(async () => {
      if (!stopping) life = await newLife(options, onEnd);
    }, fail);
  }

  return {
    failed,
    async stop() {
      if (stopping) return;
      stopping = true;
      await life.stop("goodbye");
    },
  };
}

type End = "deposed" | { readonly error: unknown };

async function newLife(options: SchedulerOptions, onEnd: (end: End) => void) {
  const { databaseUrl, runFolder, installKey, log, publicUrl } = options;
  const id = ProcessId.parse(randomUUID());
  let offsetMs = 0;
  const clock = systemClock(() => offsetMs);
  const connect = (name: string) => () => connectClient(databaseUrl, { name: `scheduler ${name}` });

  const register = await connect("start")();
  await query(register, insertProcess({ id, kind: "scheduler", identity: ownIdentity() }));
  await register.end();

  const flushing = flusher({
    ...{ processId: id, connect: connect("flush"), clock, log },
    onTime: (databaseTime, roundTripMs) => {
      offsetMs = databaseTime.getTime() + roundTripMs / 2 - Date.now();
    },
  });
  const executor = localExecutor({
    ...{ runFolder, processId: id, installKey, clock, log },
    events: workerEvents(() => engine),
  });
  const session = openSession({
    ...{ connect: connect("session"), clock, channels: ["vane_command", "vane_dag"] },
    onNotification: (channel, payload) => {
      onWord(engine, channel, payload);
    },
    onConnected: () => {
      engine.look.everyDoor = true;
      engine.look.claim = true;
      engine.wake();
    },
  });
  const loop = passLoop(onEnd);
  const engine: Engine = newEngine({
    ...{ id, clock, log, flusher: flushing, session, executor, publicUrl },
    wake: () => {
      loop.wake(engine);
    },
  });
  const timers = [
    every(clock, BEAT_MS, () => {
      Object.assign(engine.look, { beat: true, claim: true, everyDoor: true });
      engine.wake();
      return Promise.resolve();
    }),
    every(clock, SWEEP_MS, peerWatch(engine).look),
    every(clock, SWEEP_MS, () => findLosses(engine)),
  ];
  return {
    engine,
    async stop(how: "goodbye" | "deposed") {
      engine.stopped = true;
      for (const callOff of timers) callOff();
      if (how === "deposed") await flushing.stop();
      await loop.settled();
      await executor.stop();
      await session.stop();
      await flushing.stop();
      if (how === "goodbye") await goodbye(databaseUrl, id);
    },
  };
}

function onWord(engine: Engine, channel: string, payload: string): void {
  const dagId = DagId.safeParse(payload);
  if (dagId.success) engine.look.doors.add(dagId.data);
  else engine.look.everyDoor = true;
  if (channel === "vane_dag" && !(dagId.success && engine.dags.has(dagId.data))) engine.look.claim = true;
  // A command for a DAG that nobody owns: perhaps it has ended, and is claimed for the command's sake.
  if (channel === "vane_command" && dagId.success && !engine.dags.has(dagId.data)) engine.look.claim = true;
  engine.wake();
}

/** Passes follow one another while there is something to do, and otherwise the next due instant. */
function passLoop(onEnd: (end: End) => void) {
  let passing = false;
  let wanted = false;
  let last = Promise.resolve();
  let callOff = () => {};

  function wake(engine: Engine) {
    wanted = true;
    if (passing || engine.stopped) return;
    passing = true;
    // What arrives in one turn of the loop is one batch.
    last = Promise.resolve().then(() => passes(engine));
  }

  async function passes(engine: Engine) {
    callOff();
    try {
      while (wanted && !engine.stopped) {
        wanted = false;
        const outcome = await runPass(engine);
        if (outcome === "deposed") {
          engine.stopped = true;
          onEnd("deposed");
        }
        if (engine.inputs.length > 0 || dueNow(engine)) wanted = outcome !== "idle";
      }
    } catch (error) {
      engine.stopped = true;
      onEnd({ error });
    }
    passing = false;
    if (engine.stopped) return;
    const next = engine.due.nextMs();
    if (next !== undefined) {
      callOff = engine.clock.wakeAfter(next - engine.clock.now().getTime(), () => {
        wake(engine);
      });
    }
  }

  return { wake, settled: () => last };
}

const dueNow = ({ due, clock }: Engine) => (due.nextMs() ?? Infinity) <= clock.now().getTime();

/** Again and again, each time after the last has ended; errors are for the log, the next time comes anyway. */
function every(clock: Clock, ms: number, act: () => Promise<void>): () => void {
  let stopped = false;
  let callOff = () => {};
  const again = () => {
    callOff = clock.wakeAfter(ms, () => {
      void act()
        .catch(() => undefined)
        .then(() => {
          if (!stopped) again();
        });
    });
  };
  again();
  return () => {
    stopped = true;
    callOff();
  };
}

async function goodbye(databaseUrl: string, id: ProcessId): Promise<void> {
  const client = await connectClient(databaseUrl, { name: "scheduler goodbye" }).catch(() => undefined);
  if (!client) return;
  await sayGoodbye(client, id);
  await client.end().catch(() => undefined);
}
