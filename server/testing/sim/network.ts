import type { ProcessId } from "../../domain/ids";
import type { FromScheduler, FromWorker } from "../../executor/protocol";
import type { Executor, LinkEvents, WorkerLink } from "../../executor/worker-link";
import type { Clock } from "../../platform/clock";
import type { Limits } from "../../worker/limits";
import { pings, type Link } from "../../worker/link";
import type { Random } from "./random";
import type { Actor, Timeline } from "./timeline";

/*
 * The sockets between schedulers and workers. Each direction keeps its order and has a latency; a link breaks for the two
 * sides at moments of their own, and what is on its way to one of them still arrives before it hears of that.
 */

export interface WorkerEnd {
  readonly id: ProcessId;
  readonly whose: Actor;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly slots: number;
  onJoined(link: Link, welcome: FromWorker): void;
  onMessage(link: Link, message: Exclude<FromScheduler, { type: "hello" }>): void;
  onLeft(link: Link): void;
}

export interface NetworkRules {
  /** A scheduler acknowledges a report after the commit that took it in. */
  readonly acksAfterCommit: boolean;
  /** A worker refuses the word of a former owner. */
  readonly epochsCount: boolean;
}

export interface Network {
  listen(end: WorkerEnd): void;
  executor(whose: Actor, id: ProcessId, clock: Clock, events: LinkEvents): Executor;
  /** The process is gone: whoever had a socket with it hears of it. */
  hangUp(whose: Actor): void;
  /** Breaks a link. `oneWay`: only what the scheduler is sent gets lost, or only what the worker is. */
  cut(oneWay: boolean): void;
  /** What is sent one way over a link arrives no earlier than after that time; perhaps the link breaks meanwhile. */
  stall(ms: number): void;
  /** Until then those two find no way to one another. */
  block(untilMs: number): void;
}

interface Parts {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly rules: NetworkRules;
}

const LATENCY_MS = [1, 8] as const;
const NOTICE_MS = [1, 3_000] as const;
const SWEEP_MS = 1_000;

interface Side {
  readonly whose: Actor;
  open: boolean;
  /** What is sent to it gets lost. */
  deaf: boolean;
  lastMs: number;
  onClose: () => void;
}

interface Wire {
  readonly scheduler: Side;
  readonly worker: Side;
}

export function network({ timeline, random, rules }: Parts): Network {
  const workers = new Set<WorkerEnd>();
  const wires = new Set<Wire>();
  const blocked = new Map<string, number>();
  const pair = (scheduler: Actor, worker: Actor) => `${scheduler.name} ${worker.name}`;

  const side = (whose: Actor): Side => ({
    whose,
    open: true,
    deaf: false,
    lastMs: 0,
    onClose: () => undefined,
  });

  function deliver(to: Side, act: () => void): void {
    if (to.deaf) return;
    to.lastMs = Math.max(to.lastMs, timeline.nowMs() + random.between(...LATENCY_MS));
    timeline.after(to.lastMs - timeline.nowMs(), to.whose, () => {
      if (to.open) act();
    });
  }

  /** That side hears of the end now; the other one when it gets to it. */
  function close(wire: Wire, here: Side, afterMs: readonly [number, number] = LATENCY_MS): void {
    if (!here.open) return;
    here.open = false;
    here.onClose();
    const there = here === wire.scheduler ? wire.worker : wire.scheduler;
    if (!there.open) {
      wires.delete(wire);
      return;
    }
    there.lastMs = Math.max(there.lastMs, timeline.nowMs() + random.between(...afterMs));
    timeline.after(there.lastMs - timeline.nowMs(), there.whose, () => {
      close(wire, there);
    });
  }

  /** Each side finds out by itself; what is on its way arrives before. */
  function tear(wire: Wire): void {
    for (const here of [wire.scheduler, wire.worker]) {
      here.deaf = true;
      timeline.after(
        Math.max(here.lastMs - timeline.nowMs(), random.between(...NOTICE_MS)),
        here.whose,
        () => {
          close(wire, here, NOTICE_MS);
        },
      );
    }
  }

  function connect(
    end: WorkerEnd,
    scheduler: Actor,
    id: ProcessId,
    clock: Clock,
    events: LinkEvents,
    seat: Seat,
  ) {
    const wire: Wire = { scheduler: side(scheduler), worker: side(end.whose) };
    wires.add(wire);

    const toScheduler = (message: FromWorker) => {
      if (!wire.worker.open) return;
      deliver(wire.scheduler, () => {
        hear(message);
      });
    };
    const joined: Link = {
      process: id,
      send: toScheduler,
      close: () => {
        close(wire, wire.worker);
      },
      ...pings(end.clock, end.limits, toScheduler, {
        destroy: () => {
          close(wire, wire.worker);
        },
      }),
    };

    /** As executor/local.ts hears it. */
    function hear(message: FromWorker): void {
      const { link } = seat;
      if (!link) {
        if (message.type === "welcome") welcome(message);
        return;
      }
      link.lastHeardMs = clock.monotonicMs();
      if (message.type === "ping") link.lastPing = message.id;
      if (message.type === "credit") link.credit = message.attempts;
      events.onMessage(link, message);
      if (!rules.acksAfterCommit && message.type === "reports") {
        link.send({
          type: "ack",
          reports: message.reports.map(({ dagId, epoch, exec }) => ({ dagId, epoch, exec })),
        });
      }
    }

    function welcome({ worker, slots, host, bootId, pidNamespace, pid, pidStart }: Welcome): void {
      const link: WorkerLink = {
        ...{ worker, address: worker, slots, credit: 0, inFlight: new Set(), connected: true },
        identity: { host, bootId, pidNamespace, pid, pidStart },
        ...{ lastHeardMs: clock.monotonicMs(), lastPing: 0, answeredPing: 0 },
        send(message) {
          if (!link.connected) return false;
          const word = rules.epochsCount ? message : withoutEpoch(message);
          deliver(wire.worker, () => {
            if (word.type !== "hello") end.onMessage(joined, word);
          });
          return true;
        },
      };
      seat.link = link;
      events.onWelcome(link);
    }

    wire.scheduler.onClose = () => {
      seat.gone();
      if (!seat.link) return;
      seat.link.connected = false;
      events.onClosed(seat.link);
    };
    let isIn = false;
    wire.worker.onClose = () => {
      if (isIn) end.onLeft(joined);
    };
    deliver(wire.worker, () => {
      isIn = true;
      end.onJoined(joined, { type: "welcome", worker: end.id, slots: end.slots, ...NOBODY });
    });
    return wire;
  }

  return {
    listen: (end) => void workers.add(end),
    executor(whose, id, clock, events) {
      const seats = new Map<ProcessId, Seat>();
      let stopped = false;
      function scan() {
        if (stopped) return;
        for (const end of workers) {
          const isBlocked = (blocked.get(pair(whose, end.whose)) ?? 0) > timeline.nowMs();
          if (seats.has(end.id) || !end.whose.alive || isBlocked) continue;
          const seat: Seat = { gone: () => seats.delete(end.id) };
          seats.set(end.id, seat);
          connect(end, whose, id, clock, events, seat);
        }
        clock.wakeAfter(SWEEP_MS, scan);
      }
      clock.wakeAfter(0, scan);
      const links = () => [...seats.values()].flatMap(({ link }) => (link ? [link] : []));
      return {
        links,
        linkTo: (worker) => links().find((link) => link.worker === worker),
        stop() {
          stopped = true;
          for (const wire of [...wires]) if (wire.scheduler.whose === whose) close(wire, wire.scheduler);
          return Promise.resolve();
        },
      };
    },
    hangUp(whose) {
      for (const end of [...workers]) if (end.whose === whose) workers.delete(end);
      for (const wire of [...wires]) {
        const here = [wire.scheduler, wire.worker].find((one) => one.whose === whose);
        if (here) close(wire, here);
      }
    },
    cut(oneWay) {
      const wire = random.pick([...wires]);
      if (!wire) return;
      if (oneWay) (random.chance(0.5) ? wire.scheduler : wire.worker).deaf = true;
      else tear(wire);
    },
    stall(ms) {
      const wire = random.pick([...wires]);
      const here = random.chance(0.7) ? wire?.worker : wire?.scheduler;
      if (!wire || !here) return;
      here.lastMs = timeline.nowMs() + ms;
      if (random.chance(0.5)) {
        timeline.after(random.between(10, ms), undefined, () => {
          tear(wire);
        });
      }
    },
    block(untilMs) {
      const wire = random.pick([...wires]);
      if (!wire) return;
      blocked.set(pair(wire.scheduler.whose, wire.worker.whose), untilMs);
      close(wire, wire.scheduler, NOTICE_MS);
    },
  };
}

function withoutEpoch(message: FromScheduler): FromScheduler {
  switch (message.type) {
    case "holds":
      return { ...message, dags: message.dags.map(([dagId]) => [dagId, 1]) };
    case "dispatch":
      return { ...message, items: message.items.map((item) => ({ ...item, epoch: 1 })) };
    case "ack":
      return { ...message, reports: message.reports.map((report) => ({ ...report, epoch: 1 })) };
    case "ask":
    case "end":
      return { ...message, epoch: 1 };
    case "hello":
    case "bundle":
    case "connection":
    case "variable":
      return message;
  }
}

type Welcome = Extract<FromWorker, { type: "welcome" }>;

interface Seat {
  link?: WorkerLink;
  readonly gone: () => void;
}

/** Nothing that could be proved on this machine: only silence and goodbyes tell of an end. */
const NOBODY = { host: "sim", bootId: "", pidNamespace: "", pid: 1, pidStart: "" };
