import { expect, it } from "vitest";
import { simulate } from "./simulation";

/** 2,000 of them, beyond those of every day. */
const EACH = 250;
const FIRST_SEEDS = Array.from({ length: 8 }, (_, at) => 1_000 + at * EACH);

it.each(FIRST_SEEDS)("holds what is promised in 250 worlds, from %i on", async (first) => {
  for (let seed = first; seed < first + EACH; seed += 1) {
    const history = await simulate(seed);
    expect(history.violation, `SIM_SEED=${seed}\n${history.trace.join("\n")}`).toBeUndefined();
  }
});
