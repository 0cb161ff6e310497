import { randomUUID } from "node:crypto";
import type { Client } from "pg";
import { BY_KEY, connectClient } from "../db/pool";
import { Exec, ProcessId } from "../domain/ids";
import { localExecutor } from "../executor/local";
import type { Executor, LinkEvents } from "../executor/worker-link";
import { systemClock, type Clock } from "../platform/clock";
import { ownIdentity, type ProcessIdentity } from "../platform/process-identity";
import type { SchedulerOptions } from "./main";

/** All that a scheduler touches of the world, in one place: the simulation (testing/sim) has a world of its own. */
export interface Surroundings {
  readonly identity: () => ProcessIdentity;
  readonly newProcessId: () => ProcessId;
  readonly newExec: () => Exec;
  readonly connect: (name: string) => Promise<Client>;
  readonly clock: () => DatabaseClock;
  readonly executor: (id: ProcessId, clock: Clock, events: LinkEvents) => Executor;
}

/** A clock that goes by the database's time, as each flush brings it along. */
export interface DatabaseClock {
  readonly clock: Clock;
  readonly onTime: (databaseTime: Date, roundTripMs: number) => void;
}

export function surroundingsOf({ databaseUrl, runFolder, installKey, log }: SchedulerOptions): Surroundings {
  return {
    identity: ownIdentity,
    newProcessId: () => ProcessId.parse(randomUUID()),
    newExec: () => Exec.parse(randomUUID()),
    connect: (name) => connectClient(databaseUrl, { name: `scheduler ${name}`, session: BY_KEY }),
    clock: databaseClock,
    executor: (processId, clock, events) =>
      localExecutor({ runFolder, processId, installKey, clock, log, events }),
  };
}

function databaseClock(): DatabaseClock {
  let offsetMs = 0;
  return {
    clock: systemClock(() => offsetMs),
    onTime(databaseTime, roundTripMs) {
      offsetMs = databaseTime.getTime() + roundTripMs / 2 - Date.now();
    },
  };
}
