import type { Client, Pool } from "pg";
import { findAnswer } from "../db/sql/find-answer";
import { query } from "../db/sql/statement";
import type { Clock } from "../platform/clock";
import { names, type Ear } from "./hear";
import type { Door } from "./request-command";

interface Dependencies {
  readonly db: Client | Pool;
  readonly clock: Clock;
  /** On the channel `vane_answer`, by a connection that stays. */
  readonly hear: (wanted: (payload: string) => boolean) => Promise<Ear>;
}

export interface Patience {
  /** With a live owner, who answers in its next flush, unless it is dying just now. */
  readonly ownedMs: number;
  /** Without one: as long as a scheduler that starts takes to claim the DAG. */
  readonly ownerlessMs: number;
}

export const PATIENCE: Patience = { ownedMs: 10_000, ownerlessMs: 3_000 };

/** The look without being told: the net under a word that was lost with its connection. */
const SWEEP_MS = 500;

/** Waits for a command's outcome. */
export function answerTo({ db, clock, hear }: Dependencies, patience: Patience): Door["answerTo"] {
  return async (commandId) => {
    const startedMs = clock.monotonicMs();
    const ear = await hear((payload) => names(payload, commandId));
    try {
      for (;;) {
        const [command] = await query(db, findAnswer(commandId));
        if (!command) return undefined;
        if (command.outcome !== null) return command.outcome;
        const patienceMs = command.owned ? patience.ownedMs : patience.ownerlessMs;
        const leftMs = startedMs + patienceMs - clock.monotonicMs();
        if (leftMs <= 0) return undefined;
        await ear.next(Math.min(leftMs, SWEEP_MS));
      }
    } finally {
      ear.stop();
    }
  };
}
