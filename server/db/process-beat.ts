import type { Client, Pool } from "pg";
import { ProcessId } from "../domain/ids";
import type { Clock } from "../platform/clock";
import { ownIdentity } from "../platform/process-identity";
import { dueService, LoopOptions, type Service } from "../platform/service";
import { beatProcess, insertProcess, sayGoodbye, type NewProcess } from "./process-row";
import { query } from "./sql/statement";

const BEAT_MS = 2_000;

export interface BeatCounts {
  /** 1 when a new row had to be taken: the old one had been declared dead. */
  readonly renewed: number;
}

interface Dependencies {
  /** Does the work on a connection, when there is one to be had. */
  readonly run: <T>(work: (db: Client | Pool) => Promise<T>) => Promise<T>;
  readonly clock: Clock;
  readonly process: Pick<NewProcess, "kind" | "address" | "info">;
  /** False: this process is stuck, and the beat shall show it. Left out: whoever beats goes on. */
  readonly isGoingOn?: () => boolean;
  readonly onPass: (outcome: BeatCounts | { readonly error: unknown }) => void;
}

/** The row and the beat of a process that owns no DAG. It rises only while this loop makes progress. */
export function beatService({ run, clock, process, isGoingOn, onPass }: Dependencies): Service<BeatCounts> & {
  readonly begin: () => Promise<void>;
} {
  let id = newId();
  let nextBeat = clock.now();

  const insert = (db: Client | Pool) => query(db, insertProcess({ ...process, id, identity: ownIdentity() }));

  async function runOnce(): Promise<BeatCounts> {
    nextBeat = new Date(clock.now().getTime() + BEAT_MS);
    if (isGoingOn?.() === false) return { renewed: 0 };
    return run(async (db) => {
      const { name, text, values } = beatProcess(id);
      const beaten = await db.query({ name, text, values: [...values] });
      if (beaten.rowCount === 1) return { renewed: 0 };
      id = newId();
      await insert(db);
      return { renewed: 1 };
    });
  }

  const loop = dueService(
    { clock, runOnce, onPass, nextDue: () => nextBeat },
    LoopOptions.parse({ sweepMs: BEAT_MS, pauseAfterErrorMs: BEAT_MS }),
  );
  return {
    ...loop,
    async begin() {
      await run(insert);
      loop.start();
    },
    async stop() {
      await loop.stop();
      await run((db) => sayGoodbye(db, id));
    },
  };
}

const newId = () => ProcessId.parse(crypto.randomUUID());
