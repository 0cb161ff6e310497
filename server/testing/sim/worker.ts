import { ProcessId } from "../../domain/ids";
import { silentLog } from "../../platform/log";
import { every } from "../../platform/every";
import type { BundleStore } from "../../worker/bundle-store";
import { desk } from "../../worker/desk";
import { Limits } from "../../worker/limits";
import type { RuntimePool, Seat } from "../../worker/runtime-pool";
import type { Network } from "./network";
import type { Random } from "./random";
import { simRuntime, type RuntimeRules, type SimRuntime, type Witness } from "./runtime";
import { actor, clockOf, type Actor, type Timeline } from "./timeline";

/** A worker from its start to its end: the real desk, over simulated runtimes and sockets. */
export interface SimWorker {
  readonly whose: Actor;
  /** Planned: it ends what it has and says goodbye. */
  stop(): void;
  /** kill -9 */
  crash(): void;
}

export interface WorkerRules extends RuntimeRules {
  /** It kills what has not been renewed for 90 s. */
  readonly killsUnrenewed: boolean;
  /** It remembers what it has promised never to start. */
  readonly remembersDenials: boolean;
}

interface Parts {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly network: Network;
  readonly witness: Witness;
  readonly rules: WorkerRules;
  readonly longTasks: () => number;
  readonly onGone: () => void;
}

const SLOTS = 3;
const LOG = { prepare: () => undefined, write: () => undefined, end: () => ({ bytes: 0, truncated: false }) };

export function simWorker(name: string, parts: Parts): SimWorker {
  const { timeline, random, network, witness, rules, longTasks, onGone } = parts;
  const whose = actor(name);
  const skewMs = random.below(1_200_000) - 600_000;
  const clock = clockOf(timeline, whose, () => skewMs);
  const limits = Limits.parse({
    ...(rules.killsUnrenewed ? {} : { renewalMs: 1e9, watchdogMs: 1e9 }),
    ...(rules.remembersDenials ? {} : { denialMs: 1 }),
  });
  const runtimes = new Set<SimRuntime>();

  const pool: RuntimePool = {
    take() {
      if (runtimes.size >= SLOTS + 1 || random.chance(0.1)) {
        timeline.after(100, whose, () => {
          counter.pump();
        });
        return undefined;
      }
      const runtime = simRuntime({ timeline, random, witness, rules, longTasks, worker: whose });
      runtimes.add(runtime);
      const leave = () => {
        runtimes.delete(runtime);
        timeline.after(1, whose, () => {
          counter.pump();
        });
      };
      const seat: Seat = { runtime, giveBack: leave, gone: leave };
      return seat;
    },
    want() {
      timeline.after(50, whose, () => {
        counter.pump();
      });
    },
    tick: () => undefined,
    broken: undefined,
    close: () => Promise.resolve(),
  };

  const counter = desk({
    ...{ slots: SLOTS, pool, bundles: simBundles(), clock, limits, log: silentLog },
    attempt: {
      logs: { open: () => LOG },
      objects: { prefixFor: () => "", resolve: (value) => value, refer: (value) => value },
      ...{ clock, limits },
    },
  });

  network.listen({
    ...{ id: ProcessId.parse(random.uuid()), whose, clock, limits, slots: SLOTS },
    onJoined: (link, welcome) => {
      counter.joined(link, welcome);
    },
    onMessage: counter.heard,
    onLeft: (link) => {
      counter.left(link);
    },
  });
  const stopTicking = every(clock, limits.pingMs, counter.tick, () => undefined);

  function crash() {
    if (!whose.alive) return;
    whose.alive = false;
    network.hangUp(whose);
    for (const runtime of runtimes) runtime.orphan();
    onGone();
  }

  return {
    whose,
    crash,
    stop() {
      void counter.stop().then(() => {
        stopTicking();
        crash();
      });
    },
  };
}

function simBundles(): BundleStore {
  const known = new Set<string>();
  const files = { codePath: "", mapPath: "", file: "" };
  return {
    find: (hash) => (known.has(hash) ? files : undefined),
    keep(hash) {
      known.add(hash);
      return files;
    },
  };
}
