import type { Clock } from "../platform/clock";
import type { Log } from "../platform/log";
import { whyNotStarted } from "./evidence";
import type { Limits } from "./limits";
import {
  spawnRuntime,
  type RuntimeListener,
  type RuntimeProcess,
  type SpawnOptions,
} from "./runtime-process";

/** A runtime in the hands of one attempt, which listens to it. */
export interface Seat {
  readonly runtime: RuntimeProcess;
  /** The attempt is over and has left it clean. */
  giveBack(): void;
  /** The listener has heard that it is gone. */
  gone(): void;
}

export interface RuntimePool {
  /** An idle one, if there is: at best one that knows the bundle. @param fresh only one that has served nobody */
  take(bundleHash: string, fresh: boolean): Seat | undefined;
  /** Starts more if those that are starting are too few for those who wait. */
  want(waiting: number, fresh: boolean): void;
  /** Now and again: idle ones grow old, and one is always there. */
  tick(): void;
  /** Why none starts, while none does. */
  readonly broken: string | undefined;
  /** Ends all that serve nobody. Resolves when the others are gone, too. */
  close(): Promise<void>;
}

interface Entry {
  readonly runtime: RuntimeProcess;
  readonly hashes: Set<string>;
  attempts: number;
  idleSinceMs: number;
}

interface PoolParts {
  readonly spawn: SpawnOptions;
  readonly slots: number;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly log: Log;
  /** One more is idle, or none starts any more. */
  readonly onChange: () => void;
}

const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 30_000;
const START_MS = 30_000;

/** One warm spare, more on demand up to `slots`. */
export function runtimePool({ spawn, slots, limits, clock, log, onChange }: PoolParts): RuntimePool {
  const alive = new Set<RuntimeProcess>();
  const starting = new Set<RuntimeProcess>();
  /** Killed but not gone yet: they take no place. */
  const leaving = new Set<RuntimeProcess>();
  /** Least recently used first. */
  let idle: Entry[] = [];
  let backoffMs = 0;
  let broken: string | undefined;
  let closed = false;
  let onEmpty = () => {};

  function start() {
    const runtime = spawnRuntime(spawn);
    if (runtime instanceof Error) {
      notStarted(runtime.message);
      return;
    }
    alive.add(runtime);
    starting.add(runtime);
    const callOff = clock.wakeAfter(START_MS, runtime.kill);
    let said = "";
    runtime.listen({
      ...deaf,
      onRaw: (_source, chunk) => (said = (said + chunk.toString()).slice(-2_000)),
      onMessage(message) {
        if (message.type !== "ready") return;
        callOff();
        starting.delete(runtime);
        backoffMs = 0;
        rest({ runtime, hashes: new Set(), attempts: 0, idleSinceMs: clock.monotonicMs() });
      },
      onGone(exit) {
        callOff();
        const intended = leaving.has(runtime);
        forget(runtime);
        if (!intended) notStarted(whyNotStarted({ ...exit, lastWords: said }));
      },
    });
  }

  function notStarted(why: string) {
    backoffMs = Math.min(Math.max(backoffMs * 2, FIRST_BACKOFF_MS), LONGEST_BACKOFF_MS);
    broken = why;
    log.error({ why, againInMs: backoffMs }, "A runtime did not start.");
    clock.wakeAfter(backoffMs, () => {
      broken = undefined;
      onChange();
    });
    onChange();
  }

  function rest(entry: Entry) {
    const { runtime } = entry;
    runtime.listen({
      ...deaf,
      onMessage({ type }) {
        if (type === "spoiled") retire(runtime);
      },
      onGone() {
        forget(runtime);
      },
    });
    if (closed || !runtime.isAlive() || entry.attempts >= limits.attemptsPerRuntime) {
      retire(runtime);
      return;
    }
    idle.push(entry);
    onChange();
  }

  function retire(runtime: RuntimeProcess) {
    idle = idle.filter((entry) => entry.runtime !== runtime);
    leaving.add(runtime);
    runtime.kill();
  }

  function forget(runtime: RuntimeProcess) {
    for (const set of [alive, starting, leaving]) set.delete(runtime);
    idle = idle.filter((entry) => entry.runtime !== runtime);
    if (alive.size === 0) onEmpty();
  }

  function want(waiting: number, fresh: boolean) {
    for (let n = starting.size; n < waiting && broken === undefined && !closed; n++) {
      if (alive.size - leaving.size >= slots) {
        // A used one makes room for a fresh one.
        const used = fresh ? idle.find(({ attempts }) => attempts > 0) : undefined;
        if (!used) return;
        retire(used.runtime);
      }
      start();
    }
  }

  return {
    want,
    take(bundleHash, fresh) {
      idle = idle.filter(({ runtime }) => runtime.isAlive());
      const fit = fresh
        ? idle.find(({ attempts }) => attempts === 0)
        : (idle.findLast(({ hashes }) => hashes.has(bundleHash)) ?? idle.at(-1));
      if (!fit) return undefined;
      idle = idle.filter((entry) => entry !== fit);
      fit.attempts += 1;
      return {
        runtime: fit.runtime,
        giveBack() {
          fit.hashes.add(bundleHash);
          fit.idleSinceMs = clock.monotonicMs();
          rest(fit);
        },
        gone() {
          forget(fit.runtime);
          onChange();
        },
      };
    },
    tick() {
      const nowMs = clock.monotonicMs();
      for (const { runtime, idleSinceMs } of [...idle]) {
        runtime.setDeadline(undefined);
        const isOld = nowMs - idleSinceMs > limits.idleMs;
        // The last one stays, but a new one in its place if that is smaller.
        const mostBytes = isOld ? limits.idleRssBytes : limits.runtimeRssBytes;
        if ((isOld && idle.length > 1) || (runtime.rssBytes() ?? 0) > mostBytes) retire(runtime);
      }
      if (alive.size === leaving.size) want(1, false);
    },
    get broken() {
      return broken;
    },
    close() {
      closed = true;
      for (const { runtime } of [...idle]) retire(runtime);
      for (const runtime of starting) retire(runtime);
      return new Promise((resolve) => {
        onEmpty = resolve;
        if (alive.size === 0) resolve();
      });
    },
  };
}

const nothing = () => undefined;
const deaf: Omit<RuntimeListener, "onGone"> = { onLine: nothing, onRaw: nothing, onMessage: nothing };
