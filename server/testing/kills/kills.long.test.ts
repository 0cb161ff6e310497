import { expect, it } from "vitest";
import { pauseOf, VICTIMS, type Harm } from "./harm";
import { seeded } from "./random";
import { NOTHING_WRONG, underHarm } from "./under-harm";

/** Each of them harms every process once: together 30 moments, of which each kind of harm has three. */
const SEEDS = [2, 3, 4, 5, 6, 7];
const LIMITS_DIVISOR = 10;

it.each(SEEDS)("comes through five kills and long pauses, seed %i", async (seed) => {
  const harms = harmsOf(seed);
  const outcome = await underHarm({ seed, harms, limitsDivisor: LIMITS_DIVISOR, two: seed % 2 === 0 });
  console.log(`seed ${seed}: ${harms.map(inWords).join(", ")}; ${outcome.again} attempts more than tasks`);
  expect(outcome).toMatchObject(NOTHING_WRONG);
  const stops = harms.filter(({ how }) => how === "stop").length;
  expect(outcome.runs).toEqual({ success: harms.length * 2 + stops });
});

/** Kills and pauses take turns with the victims, so that two seeds harm each victim in both ways; the order is by chance. */
function harmsOf(seed: number): Harm[] {
  const random = seeded(seed * 1_000);
  const harms = VICTIMS.map((victim, at): Harm => {
    if ((at + seed) % 2 === 0) return { how: "kill", victim };
    const past = pauseOf(victim, Math.floor(seed / 2)) + random() * 10_000;
    return { how: "stop", victim, forMs: past / LIMITS_DIVISOR };
  });
  return harms
    .map((harm) => ({ harm, place: random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ harm }) => harm);
}

const inWords = (harm: Harm) =>
  harm.how === "kill" ? `kill ${harm.victim}` : `stop ${harm.victim} for ${Math.round(harm.forMs)} ms`;
