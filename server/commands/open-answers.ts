import type { Client, Pool } from "pg";
import { openSession } from "../db/session";
import type { Clock } from "../platform/clock";
import { answerTo, PATIENCE } from "./answer-to";
import { makeEar, type Ear } from "./hear";
import type { Door } from "./request-command";

interface Dependencies {
  readonly db: Pool;
  readonly connect: () => Promise<Client>;
  readonly clock: Clock;
}

interface Answers {
  readonly answerTo: Door["answerTo"];
  stop(): Promise<void>;
}

/** For a door that many use at once: one connection hears for all of them, and comes back by itself. */
export function openAnswers({ db, connect, clock }: Dependencies): Answers {
  const ears = new Map<Ear, (payload: string) => boolean>();
  const session = openSession({
    connect,
    clock,
    channels: ["vane_answer"],
    onNotification(_channel, payload) {
      for (const [ear, wanted] of ears) if (wanted(payload)) ear.poke();
    },
    onConnected() {
      for (const ear of ears.keys()) ear.poke();
    },
  });
  const hear = (wanted: (payload: string) => boolean) => {
    const ear = makeEar(clock, () => void ears.delete(ear));
    ears.set(ear, wanted);
    return Promise.resolve(ear);
  };
  return { answerTo: answerTo({ db, clock, hear }, PATIENCE), stop: () => session.stop() };
}
