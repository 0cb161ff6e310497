import type { Client } from "pg";
import { insertProcess, sayGoodbye } from "../db/process-row";
import { openSession } from "../db/session";
import { query } from "../db/sql/statement";
import { DagId, type ProcessId } from "../domain/ids";
import { every } from "../platform/every";
import type { ProcessIdentity } from "../platform/process-identity";
import { renewSecrets } from "./answer-secrets";
import { clockWatch } from "./clock-watch";
import { newEngine, type Engine } from "./engine";
import { flusher } from "./flush";
import { limitsDividedBy } from "./limits";
import { findLosses } from "./losses";
import type { SchedulerOptions } from "./main";
import { passLoop, type End } from "./passes";
import { peerWatch } from "./peers";
import { surroundingsOf } from "./surroundings";
import { noteWorkers, workerEvents } from "./workers";

/** A scheduler under one process id: from its row to its goodbye, or until it is deposed. */
export interface Life {
  readonly id: ProcessId;
  end(how: "goodbye" | "deposed"): Promise<void>;
}

export async function beginLife(
  options: SchedulerOptions,
  onEnd: (end: End) => void,
  surroundings = surroundingsOf(options),
): Promise<Life> {
  const { log, publicUrl, secrets, limitsDivisor = 1 } = options;
  const limits = limitsDividedBy(limitsDivisor);
  const id = surroundings.newProcessId();
  const { clock, onTime } = surroundings.clock();
  const connect = (name: string) => () => surroundings.connect(name);
  await register(await connect("start")(), id, surroundings.identity(), (hangUp) =>
    clock.wakeAfter(limits.flushMs, hangUp),
  );

  const flushing = flusher({
    ...{ processId: id, connect: connect("flush"), clock, log, onTime: hearTime },
    timeoutMs: limits.flushMs,
  });
  const executor = surroundings.executor(
    id,
    clock,
    workerEvents(() => engine),
  );
  const session = openSession({
    ...{ connect: connect("session"), clock, channels: ["vane_command", "vane_dag"] },
    onNotification: (channel, payload) => {
      onWord(engine, channel, payload);
    },
    onConnected: () => {
      noteWorkers(engine).catch(() => undefined);
      renewSecrets(engine).catch(() => undefined);
      lookAtEverything(engine);
    },
  });
  const watch = clockWatch();
  function hearTime(databaseTime: Date, roundTripMs: number) {
    onTime(databaseTime, roundTripMs);
    const jumpMs = watch(databaseTime, clock.monotonicMs(), roundTripMs);
    if (jumpMs !== undefined) holdTicks(engine, jumpMs);
  }
  const loop = passLoop(onEnd);
  const engine: Engine = newEngine({
    ...{ id, clock, log, flusher: flushing, session, executor, publicUrl, secrets, limits },
    newExec: surroundings.newExec,
    wake: () => {
      loop.wake(engine);
    },
  });
  const sweeps = sweep(engine);

  return {
    id,
    async end(how) {
      engine.stopped = true;
      for (const callOff of sweeps) callOff();
      loop.stop();
      if (how === "deposed") await flushing.stop();
      await loop.settled();
      await executor.stop();
      await session.stop();
      await flushing.stop();
      if (how === "goodbye") await goodbye(connect("goodbye"), id);
    },
  };
}

const HOLD_MS = 10_000;

/** Runs are made by that clock: it may be put right again at once. After that it is what the time is. */
function holdTicks(engine: Engine, jumpMs: number): void {
  const seconds = Math.round(jumpMs / 1_000);
  engine.log.warn(
    { seconds },
    "The database's clock has jumped; scheduled runs wait for 10 s, and then go by it as it is",
  );
  engine.ticksWaitUntilMs = engine.clock.monotonicMs() + HOLD_MS;
  engine.clock.wakeAfter(HOLD_MS, () => {
    engine.wake();
  });
}

function sweep(engine: Engine): (() => void)[] {
  const { clock, log, limits } = engine;
  const warn = (error: unknown) => {
    log.warn({ error: String(error) }, "A sweep failed; the next one follows");
  };
  const beat = () => {
    engine.look.beat = true;
    lookAtEverything(engine);
  };
  return [
    every(clock, limits.beatMs, beat, warn),
    every(clock, limits.beatMs, () => noteWorkers(engine), warn),
    every(clock, limits.sweepMs, peerWatch(engine).look, warn),
    every(clock, limits.sweepMs, () => findLosses(engine), warn),
  ];
}

/** What was notified may have been missed, so the beat looks, too. */
function lookAtEverything(engine: Engine): void {
  engine.look.everyDoor = true;
  engine.look.claim = true;
  engine.wake();
}

function onWord(engine: Engine, channel: string, payload: string): void {
  const dagId = DagId.safeParse(payload);
  if (!dagId.success) {
    lookAtEverything(engine);
    return;
  }
  engine.look.doors.add(dagId.data);
  // Of a DAG that is not ours: new, given away, or ended and to be claimed for the sake of a command.
  if (!engine.dags.has(dagId.data)) engine.look.claim = true;
  engine.wake();
}

/** Gives up in time: nobody would miss a process that waits for a lost answer and has no row yet. */
async function register(
  client: Client,
  id: ProcessId,
  identity: ProcessIdentity,
  hangUpLater: (hangUp: () => void) => () => void,
): Promise<void> {
  const answered = hangUpLater(() => client.connection.stream.destroy());
  try {
    await query(client, insertProcess({ id, kind: "scheduler", identity }));
  } finally {
    answered();
    void client.end().catch(() => undefined);
  }
}

async function goodbye(connect: () => Promise<Client>, id: ProcessId): Promise<void> {
  const client = await connect().catch(() => undefined);
  if (!client) return;
  await sayGoodbye(client, id);
  await client.end().catch(() => undefined);
}
