import { Exec, ProcessId } from "../../domain/ids";
import { silentLog, type Log } from "../../platform/log";
import { beginLife, type Life } from "../../scheduler/life";
import type { End } from "../../scheduler/passes";
import type { Connections } from "./connection";
import type { Network } from "./network";
import type { Random } from "./random";
import { actor, BEGIN, clockOf, type Actor, type Timeline } from "./timeline";

/** A scheduler's process: the real one, in a simulated world. */
export interface SimScheduler {
  readonly whose: Actor;
  /** kill -9 */
  crash(): void;
}

interface Parts {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly network: Pick<Network, "executor" | "hangUp">;
  readonly connections: Connections;
  readonly log?: Log;
  readonly onGone: () => void;
  /** It gave up because of an error of its own. */
  readonly onBug: (error: unknown) => void;
}

const NOBODY = { host: "sim", bootId: "", pidNamespace: "", pid: 1, pidStart: "" };
const OPTIONS = {
  ...{ databaseUrl: "", runFolder: "", installKey: "", home: "", publicUrl: "http://sim" },
  secrets: { keys: [{ id: "sim", key: "0".repeat(64) }], environment: { connections: {}, variables: {} } },
};

export function simScheduler(name: string, parts: Parts): SimScheduler {
  const { timeline, random, network, connections, log = silentLog, onGone, onBug } = parts;
  const whose = actor(name);
  const skewMs = random.below(1_200_000) - 600_000;

  /** Its own clock is wrong; only what the database says of the time puts it right. */
  function databaseClock() {
    let offsetMs = skewMs;
    return {
      clock: clockOf(timeline, whose, () => offsetMs),
      onTime(databaseTime: Date, roundTripMs: number) {
        offsetMs = databaseTime.getTime() + roundTripMs / 2 - (BEGIN.getTime() + timeline.nowMs());
      },
    };
  }
  const surroundings = {
    identity: () => NOBODY,
    newProcessId: () => ProcessId.parse(random.uuid()),
    newExec: () => Exec.parse(random.uuid()),
    connect: (what: string) => connections.connect(whose, what),
    clock: databaseClock,
    executor: (id: ProcessId, ...rest: Tail<Parameters<Network["executor"]>>) =>
      network.executor(whose, id, ...rest),
  };

  /** As scheduler/main.ts: deposed it begins anew, and whatever else is for the supervisor. */
  function begin() {
    let life: Life | undefined;
    function onEnd(end: End) {
      if (!whose.alive) return;
      if (end === "deposed") void life?.end("deposed").then(begin);
      else onBug(end.error);
    }
    beginLife({ ...OPTIONS, log }, onEnd, surroundings).then((begun) => (life = begun), crash);
  }

  function crash() {
    if (!whose.alive) return;
    whose.alive = false;
    connections.drop(whose);
    network.hangUp(whose);
    onGone();
  }

  begin();
  return { whose, crash };
}

type Tail<T extends readonly unknown[]> = T extends readonly [unknown, unknown, ...infer Rest] ? Rest : never;
