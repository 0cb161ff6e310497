import type { Client } from "pg";
import { query } from "../db/sql/statement";
import type { Retention } from "../domain/retention";
import type { Clock } from "../platform/clock";
import type { Log } from "../platform/log";
import { pace } from "../platform/pace";
import { dueService, LoopOptions, type Service } from "../platform/service";
import { prune, type PruneCounts } from "./prune";
import { goneInWords } from "./prune-in-words";

/** After a start there is other work first. */
const FIRST_MS = 60_000;
const EVERY_MS = 3_600_000;

interface Dependencies {
  /** A connection for one pass: between two of them there is none. */
  readonly connect: () => Promise<Client>;
  /** The `.vane` folder. */
  readonly home: string;
  readonly retention: Retention;
  readonly clock: Clock;
  readonly log: Log;
  readonly onPass?: (outcome: PruneCounts | { readonly error: unknown }) => void;
}

/** Retention, once an hour. It owns nothing that a scheduler may lose, so that it goes on when that is deposed. */
export function prunerService(dependencies: Dependencies): Service<PruneCounts> {
  const { connect, home, retention, clock, log, onPass } = dependencies;
  const stopping = new AbortController();
  let next = new Date(clock.now().getTime() + FIRST_MS);

  async function runOnce(): Promise<PruneCounts> {
    next = new Date(clock.now().getTime() + EVERY_MS);
    const db = await connect();
    const hangUp = () => db.connection.stream.destroy();
    stopping.signal.addEventListener("abort", hangUp, { once: true });
    try {
      return await prune({
        ...{ home, retention, pace: pace(clock, stopping.signal) },
        ask: (statement) => query(db, statement),
      });
    } finally {
      stopping.signal.removeEventListener("abort", hangUp);
      await db.end().catch(() => undefined);
    }
  }

  function say(outcome: PruneCounts | { readonly error: unknown }) {
    if ("error" in outcome) {
      if (stopping.signal.aborted) return;
      log.warn({ error: String(outcome.error) }, "Retention could not go on; trying again");
      return;
    }
    const { trouble } = outcome;
    if (trouble !== undefined) log.warn({ error: trouble }, "Retention cannot read some folders of logs");
    const gone = goneInWords(outcome);
    if (gone) log.info({ removed: outcome }, `Removed with age: ${gone}`);
  }

  const loop = dueService(
    {
      ...{ clock, runOnce, nextDue: () => next },
      onPass(outcome) {
        say(outcome);
        onPass?.(outcome);
      },
    },
    LoopOptions.parse({ sweepMs: EVERY_MS, pauseAfterErrorMs: FIRST_MS }),
  );
  return {
    ...loop,
    /** Does not wait for a slice: what it has deleted is deleted, and what it has not is left for the next one. */
    async stop() {
      stopping.abort(new Error("stopping"));
      await loop.stop();
    },
  };
}
