import type { Connections } from "./connection";
import type { Database } from "./database";
import type { Network } from "./network";
import type { Random } from "./random";
import type { SimScheduler } from "./scheduler";
import type { Actor, Timeline } from "./timeline";
import type { SimWorker } from "./worker";

export interface World {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly network: Network;
  readonly connections: Connections;
  readonly db: Database;
  readonly schedulers: readonly SimScheduler[];
  readonly workers: readonly SimWorker[];
  readonly note: (what: string) => void;
}

type Fault = (world: World) => string | undefined;

const pause = ({ timeline, random }: World, whose: Actor | undefined, longestMs: number) => {
  if (!whose) return undefined;
  const ms = random.chance(0.4) ? longestMs - random.below(longestMs / 3) : random.between(100, longestMs);
  whose.pausedUntilMs = Math.max(whose.pausedUntilMs, timeline.nowMs() + ms);
  return `${whose.name} stands still for ${ms} ms`;
};

/** By what a test that wants one of them calls it. */
const FAULTS = {
  schedulerStops: (world) => pause(world, world.random.pick(world.schedulers)?.whose, 60_000),
  // Longer than that is a host's pause, and exempt only with its runtimes.
  workerStops: (world) => pause(world, world.random.pick(world.workers)?.whose, 150_000),
  /** For longer than anybody waits: the other one is left. */
  workerHangs: (world) => pause(world, world.workers[0]?.whose, 3_000_000),
  schedulerDies({ random, schedulers }) {
    const victim = random.pick(schedulers);
    victim?.crash();
    return victim && `${victim.whose.name} is killed`;
  },
  workerDies({ random, workers }) {
    const victim = random.pick(workers);
    victim?.crash();
    return victim && `${victim.whose.name} is killed`;
  },
  workerLeaves({ random, workers }) {
    const victim = random.pick(workers);
    victim?.stop();
    return victim && `${victim.whose.name} is told to stop`;
  },
  linkBreaks({ network }) {
    network.cut(false);
    return "a link breaks";
  },
  linkGoesDeaf({ network }) {
    network.cut(true);
    return "a link goes dead one way";
  },
  linkStalls({ network, random }) {
    const ms = random.between(500, 20_000);
    network.stall(ms);
    return `a link stalls for ${ms} ms`;
  },
  apart({ network, random, timeline }) {
    const ms = random.chance(0.5) ? 120_000 + random.below(60_000) : random.between(1_000, 120_000);
    network.block(timeline.nowMs() + ms);
    return `a scheduler and a worker are apart for ${ms} ms`;
  },
  connectionBreaks({ connections, random, schedulers }) {
    const victim = random.pick(schedulers);
    if (victim) connections.cut(victim.whose, false);
    return victim && `a connection of ${victim.whose.name} breaks`;
  },
  connectionGoesSilent({ connections, random, schedulers }) {
    const victim = random.pick(schedulers);
    if (victim) connections.cut(victim.whose, true);
    return victim && `a connection of ${victim.whose.name} goes silent`;
  },
  databaseAway({ connections, random, timeline }) {
    const ms = random.between(100, 60_000);
    connections.outage(timeline.nowMs() + ms);
    return `no database for ${ms} ms`;
  },
  databaseRefuses({ connections, random }) {
    const count = 1 + random.below(4);
    connections.refuseNext(count, "40001");
    return `the next ${count} transactions cannot be serialized`;
  },
  databaseChokes({ connections, random }) {
    const count = 1 + random.below(3);
    connections.refuseNext(count, "22P05");
    return `the database does not take the next ${count} transactions`;
  },
  /** Somebody takes a live scheduler for dead. */
  suspicion({ db, random }) {
    const victim = random.pick(
      db.rows("process").filter((row) => row["kind"] === "scheduler" && row["dead"] === false),
    );
    if (!victim) return undefined;
    db.transact([{ name: "mark_dead", text: "", values: [victim["id"] ?? null, "sim"] }]);
    return `scheduler ${String(victim["id"])} is marked dead`;
  },
} satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof FAULTS;
const BY_NAME: Readonly<Record<FaultName, Fault>> = FAULTS;

/** Some kinds of faults only, in each world others: together they would hide what two of them bring about. */
export function faultsOf(world: World, names: readonly FaultName[] | undefined): () => void {
  const { random } = world;
  const all: readonly Fault[] = Object.values(BY_NAME);
  const few = Array.from({ length: 1 + random.below(3) }, () => random.pick(all));
  const kinds = names ? names.map((name) => BY_NAME[name]) : random.chance(0.6) ? few : all;
  return () => {
    const what = random.pick<Fault | undefined>(kinds)?.(world);
    if (what) world.note(what);
  };
}
