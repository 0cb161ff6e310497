import type { Client } from "pg";
import type { Clock } from "../platform/clock";

/** Waits for words on a channel. One that was said between two waits counts for the next: rows may have been read before it. */
export interface Ear {
  next(atMostMs: number): Promise<void>;
  /** As if something had been said. */
  poke(): void;
  stop(): void;
}

export function makeEar(clock: Clock, stop: () => void): Ear {
  let heard = false;
  let wake = () => {};
  return {
    stop,
    poke() {
      heard = true;
      wake();
    },
    async next(atMostMs) {
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

export async function hear(
  listener: Client,
  clock: Clock,
  channel: "vane_answer" | "vane_run",
  wanted: (payload: string) => boolean,
): Promise<Ear> {
  const ear = makeEar(clock, () => void listener.off("notification", onNotification));
  function onNotification(said: { channel: string; payload?: string | undefined }) {
    if (said.channel === channel && wanted(said.payload ?? "")) ear.poke();
  }
  listener.on("notification", onNotification);
  await listener.query(`listen ${channel}`);
  return ear;
}

/** How both channels name what they speak of: ids with commas between, or "*" when they are too many to name. */
export const names = (payload: string, id: number) =>
  payload === "*" || payload.split(",").includes(String(id));
