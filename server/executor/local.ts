import { mkdirSync, readdirSync, watch, type FSWatcher } from "node:fs";
import { connect, type Socket } from "node:net";
import path from "node:path";
import type { ProcessId } from "../domain/ids";
import type { Clock } from "../platform/clock";
import type { Log } from "../platform/log";
import { helloHmac } from "./hello-hmac";
import { parseWorkerWord } from "./hear-worker";
import { jsonLines, MAX_MESSAGE_BYTES } from "./json-lines";
import type { FromScheduler, FromWorker } from "./protocol";
import type { Executor, LinkEvents, WorkerLink } from "./worker-link";

interface Options {
  readonly runFolder: string;
  readonly processId: ProcessId;
  readonly installKey: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly events: LinkEvents;
}

/** New workers are seen by the watch at once; the sweep is for a watch that missed one, and for sockets that refused. */
const SWEEP_MS = 1_000;
const UNCLEAR = "A worker said something that cannot be understood; hanging up";
const SOCKET = /^w-.*\.sock$/;

/** Workers of this machine: each listens on a socket in the run folder, and every scheduler says hello to all of them. */
export function localExecutor(options: Options): Executor {
  const { runFolder, clock } = options;
  const seats = new Map<string, Seat>();
  let stopped = false;
  let callOff = () => {};
  let watcher: FSWatcher | undefined;

  function scan() {
    if (stopped) return;
    for (const name of sockets(runFolder)) {
      const address = path.join(runFolder, name);
      if (seats.has(address)) continue;
      seats.set(
        address,
        openSeat(options, address, () => seats.delete(address)),
      );
    }
  }

  function sweep() {
    scan();
    if (!stopped) callOff = clock.wakeAfter(SWEEP_MS, sweep);
  }

  mkdirSync(runFolder, { recursive: true, mode: 0o700 });
  try {
    watcher = watch(runFolder, scan);
    watcher.on("error", () => undefined); // the sweep goes on
  } catch {
    // no inotify left: the sweep finds them
  }
  sweep();

  const links = () => [...seats.values()].flatMap(({ link }) => (link ? [link] : []));
  return {
    links,
    linkTo: (worker) => links().find((link) => link.worker === worker),
    stop() {
      stopped = true;
      callOff();
      watcher?.close();
      for (const seat of seats.values()) seat.socket.destroy();
      return Promise.resolve();
    },
  };
}

interface Seat {
  readonly socket: Socket;
  link?: WorkerLink;
}

function openSeat(options: Options, address: string, onGone: () => void): Seat {
  const { events, log } = options;
  const socket = connect(address);
  const seat: Seat = { socket };
  socket.setNoDelay(true);
  socket.on("error", () => undefined); // "close" follows
  socket.on("close", () => {
    onGone();
    if (!seat.link) return;
    seat.link.connected = false;
    events.onClosed(seat.link);
  });
  const { send } = jsonLines(
    socket,
    () => MAX_MESSAGE_BYTES,
    (unknown) => {
      try {
        hear(options, seat, address, send, parseWorkerWord(unknown, options.clock.now()));
      } catch (error) {
        log.error({ address, error: String(error) }, UNCLEAR);
        throw error;
      }
    },
  );
  return seat;
}

function hear(
  options: Options,
  seat: Seat,
  address: string,
  send: (words: FromScheduler) => void,
  message: FromWorker,
) {
  const { processId, installKey, clock, events } = options;
  if (seat.link) {
    seat.link.lastHeardMs = clock.monotonicMs();
    if (message.type === "ping") seat.link.lastPing = message.id;
    if (message.type === "credit") seat.link.credit = message.attempts;
    events.onMessage(seat.link, message);
    return;
  }
  if (message.type === "challenge") {
    const hmac = helloHmac(installKey, message.nonce, processId);
    send({ type: "hello", process: processId, hmac });
  }
  if (message.type === "welcome") {
    const { worker, slots, host, bootId, pidNamespace, pid, pidStart } = message;
    const identity = { host, bootId, pidNamespace, pid, pidStart };
    const link: WorkerLink = {
      ...{ worker, identity, address, slots, credit: 0, inFlight: new Set(), connected: true },
      ...{ lastHeardMs: clock.monotonicMs(), lastPing: 0, answeredPing: 0 },
      send(words) {
        if (!link.connected || !seat.socket.writable) return false;
        send(words);
        return true;
      },
    };
    seat.link = link;
    events.onWelcome(link);
  }
}

function sockets(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => SOCKET.test(name));
  } catch {
    return [];
  }
}
