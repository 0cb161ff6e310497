import type { Client, Pool } from "pg";
import { findAnswer } from "../db/sql/find-answer";
import { query } from "../db/sql/statement";
import type { Clock } from "../platform/clock";
import type { Door } from "./request-command";

interface Dependencies {
  readonly db: Client | Pool;
  /** A connection that stays: it listens. May be `db` itself. */
  readonly listener: Client;
  readonly clock: Clock;
}

export interface Patience {
  /** With a live owner, who answers in its next flush, unless it is dying just now. */
  readonly ownedMs: number;
  /** Without one: as long as a scheduler that starts takes to claim the DAG. */
  readonly ownerlessMs: number;
}

export const PATIENCE: Patience = { ownedMs: 10_000, ownerlessMs: 3_000 };

/** The look without being told: the net under a notification that was lost with its connection. */
const SWEEP_MS = 500;

/** Waits for a command's outcome. Schedulers notify `vane_answer` with the ids they answered, or "*" for many. */
export function answerTo({ db, listener, clock }: Dependencies, patience: Patience): Door["answerTo"] {
  return async (commandId) => {
    const word = hear(listener, clock, (payload) => isAbout(payload, commandId));
    const startedMs = clock.monotonicMs();
    try {
      await listener.query("listen vane_answer");
      for (;;) {
        const [command] = await query(db, findAnswer(commandId));
        if (!command) return undefined;
        if (command.outcome !== null) return command.outcome;
        const patienceMs = command.owned ? patience.ownedMs : patience.ownerlessMs;
        const leftMs = startedMs + patienceMs - clock.monotonicMs();
        if (leftMs <= 0) return undefined;
        await word.next(Math.min(leftMs, SWEEP_MS));
      }
    } finally {
      word.stop();
    }
  };
}

const isAbout = (payload: string, commandId: number) =>
  payload === "*" || payload.split(",").includes(String(commandId));

/** What is heard between two waits is kept: the row was read before it, perhaps. */
function hear(listener: Client, clock: Clock, wanted: (payload: string) => boolean) {
  let heard = false;
  let wake = () => {};
  const onNotification = ({ channel, payload }: { channel: string; payload?: string | undefined }) => {
    if (channel !== "vane_answer" || !wanted(payload ?? "")) return;
    heard = true;
    wake();
  };
  listener.on("notification", onNotification);
  return {
    stop: () => void listener.off("notification", onNotification),
    async next(atMostMs: number): Promise<void> {
      if (!heard) {
        await new Promise<void>((resolve) => {
          const callOff = clock.wakeAfter(atMostMs, resolve);
          wake = () => {
            callOff();
            resolve();
          };
        });
      }
      heard = false;
    },
  };
}
