import { randomUUID } from "node:crypto";
import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { once } from "node:events";
import path from "node:path";
import type { z } from "zod";
import { ProcessId } from "../domain/ids";
import { logStore } from "../logs/store";
import { systemClock, type Clock } from "../platform/clock";
import type { Log } from "../platform/log";
import { ownIdentity } from "../platform/process-identity";
import type { Running } from "../platform/running";
import { bundleStore } from "./bundle-store";
import { desk, type Desk } from "./desk";
import { Limits, limitsDividedBy } from "./limits";
import { acceptScheduler } from "./link";
import { objectStore, ownFolder } from "./objects";
import { runtimePool } from "./runtime-pool";

export interface WorkerOptions {
  /** Default: a new one. */
  readonly id?: ProcessId;
  readonly runFolder: string;
  readonly installKey: string;
  /** The `.vane` folder. */
  readonly home: string;
  readonly projectFolder: string;
  readonly slots: number;
  /** dist/runtime.cjs */
  readonly runtimeEntry: string;
  /** All that tasks see of the environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly log: Log;
  readonly limits?: z.input<typeof Limits>;
  /** Default: 1. Tests of long pauses divide the limits by it. */
  readonly limitsDivisor?: number;
  /** Default: the system's. */
  readonly clock?: Clock;
}

/** Listens for schedulers and runs what they dispatch, until it is stopped. */
export async function startWorker(options: WorkerOptions): Promise<Running> {
  const { runFolder, installKey, home, projectFolder, slots, log } = options;
  const id = options.id ?? ProcessId.parse(randomUUID());
  const clock = options.clock ?? systemClock(() => 0);
  const limits = Limits.parse({ ...limitsDividedBy(options.limitsDivisor ?? 1), ...options.limits });

  const pool = runtimePool({
    ...{ slots, limits, clock, log },
    spawn: {
      worker: id,
      entry: options.runtimeEntry,
      projectFolder,
      env: options.env,
      heapMb: limits.runtimeHeapMb,
      clock,
    },
    onChange() {
      counter.pump();
    },
  });
  const counter: Desk = desk({
    ...{ slots, pool, clock, limits, log },
    bundles: bundleStore(path.join(home, "bundles"), projectFolder, limits.bundleBytes, clock),
    attempt: {
      logs: logStore(path.join(home, "logs"), clock),
      objects: objectStore(path.join(home, "objects")),
      ...{ clock, limits },
    },
  });

  const { host, bootId, pidNamespace, pid, pidStart } = ownIdentity();
  const welcome = { type: "welcome" as const, worker: id, host, bootId, pidNamespace, pid, pidStart, slots };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    acceptScheduler({
      ...{ socket, installKey, clock, limits, onMessage: counter.heard },
      onJoined(link) {
        counter.joined(link, welcome);
        log.info({ scheduler: link.process }, "A scheduler has joined.");
      },
      onLeft(link, cause) {
        counter.left(link);
        log.info({ scheduler: link.process, cause: cause?.message }, "A scheduler has left.");
      },
    });
  });

  const file = path.join(ownFolder(runFolder), `w-${id}.sock`);
  await listen(server, file);
  pool.want(1, false);
  const stopTicking = every(clock, limits.pingMs, counter.tick);

  let stopped: Promise<void> | undefined;
  async function stop() {
    // New sockets are still welcome: a scheduler that comes back now takes in what is reported.
    await counter.stop();
    stopTicking();
    server.close();
    await Promise.all([...sockets].map((socket) => closed(socket, limits.farewellMs)));
    rmSync(file, { force: true });
    rmSync(orphanFile(runFolder, id), { force: true });
  }
  async function leave() {
    // By this the next start finds whom to end when it is stopped itself.
    writeFileSync(orphanFile(runFolder, id), JSON.stringify({ pid, pidStart }), { mode: 0o600 });
    await counter.leave();
  }
  return {
    leave,
    failed: new Promise((_resolve, reject) => void server.on("error", reject)),
    stop: () => (stopped ??= stop()),
  };
}

const orphanFile = (runFolder: string, id: ProcessId) => path.join(runFolder, `w-${id}.orphan`);

async function listen(server: Server, file: string) {
  rmSync(file, { force: true });
  server.listen(file);
  await once(server, "listening");
  chmodSync(file, 0o600);
}

function every(clock: Clock, ms: number, act: () => void): () => void {
  let callOff = () => {};
  const next = () => {
    callOff = clock.wakeAfter(ms, () => {
      next();
      act();
    });
  };
  next();
  return () => {
    callOff();
  };
}

/** What was written last still arrives; a peer that does not read is not waited for. */
async function closed(socket: Socket, withinMs: number) {
  const timer = setTimeout(() => socket.destroy(), withinMs);
  if (!socket.destroyed) await once(socket, "close");
  clearTimeout(timer);
}
