import { expect, it } from "vitest";
import { seeded } from "./random";
import { underKills, VICTIMS } from "./under-kills";

const SEEDS = [2, 3, 4, 5, 6, 7];
const KILLS = 5;

it.each(SEEDS)("comes through 5 kills of anybody, seed %i", async (seed) => {
  const random = seeded(seed * 1_000);
  const victims = Array.from(
    { length: KILLS },
    () => VICTIMS[Math.floor(random() * VICTIMS.length)] ?? "scheduler",
  );
  const { runs, ...verdict } = await underKills({ seed, victims });
  expect(verdict).toEqual({ overlaps: [], doubled: [], lost: [] });
  expect(runs).toEqual({ success: KILLS * 2 });
});
