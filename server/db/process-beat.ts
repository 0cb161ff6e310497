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
  readonly db: Client | Pool;
  readonly clock: Clock;
  readonly process: Pick<NewProcess, "kind" | "address" | "info">;
  readonly onPass: (outcome: BeatCounts | { readonly error: unknown }) => void;
}

/** The row and the beat of a process that owns no DAG. It rises only while this loop makes progress. */
export function beatService({ db, clock, process, onPass }: Dependencies): Service<BeatCounts> & {
  readonly begin: () => Promise<void>;
} {
  let id = newId();
  let nextBeat = clock.now();

  const insert = () => query(db, insertProcess({ ...process, id, identity: ownIdentity() }));

  async function runOnce(): Promise<BeatCounts> {
    nextBeat = new Date(clock.now().getTime() + BEAT_MS);
    const { name, text, values } = beatProcess(id);
    const beaten = await db.query({ name, text, values: [...values] });
    if (beaten.rowCount === 1) return { renewed: 0 };
    id = newId();
    await insert();
    return { renewed: 1 };
  }

  const loop = dueService(
    { clock, runOnce, onPass, nextDue: () => nextBeat },
    LoopOptions.parse({ sweepMs: BEAT_MS, pauseAfterErrorMs: BEAT_MS }),
  );
  return {
    ...loop,
    async begin() {
      await insert();
      loop.start();
    },
    async stop() {
      await loop.stop();
      await sayGoodbye(db, id);
    },
  };
}

const newId = () => ProcessId.parse(crypto.randomUUID());
