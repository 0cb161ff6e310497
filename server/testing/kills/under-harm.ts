import { setTimeout as wait } from "node:timers/promises";
import { doHarm, type Harm } from "./harm";
import { seeded } from "./random";
import { startSystem, type Outcome } from "./system";

interface Plan {
  readonly seed: number;
  /** One after the other, each while runs are under way. */
  readonly harms: readonly Harm[];
  readonly limitsDivisor?: number;
  readonly two?: boolean;
}

/** Longer than any limit: what is alive when a pause begins would go on through it if nobody ended it. */
const LONG_MS = 130_000;

export const NOTHING_WRONG = { overlaps: [], doubled: [], lost: [], unfounded: [] };

/** Runs of a real system while harm is done to its processes, and what became of them. */
export async function underHarm({ seed, harms, limitsDivisor = 1, two = false }: Plan): Promise<Outcome> {
  const random = seeded(seed);
  const system = await startSystem({ limitsDivisor, two, longMs: LONG_MS / limitsDivisor });
  for (const harm of harms) {
    for (let i = 0; i < 2; i += 1) await system.trigger("kills");
    if (harm.how === "stop") await system.trigger("slow");
    await wait(50 + random() * 700);
    await doHarm(system, harm, random);
  }
  return system.finish();
}
