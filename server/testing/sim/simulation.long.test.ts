import { expect, it } from "vitest";
import { simulate } from "./simulation";

/** Beyond those of every day. */
const FIRST = 1_000;
const WORLDS = 2_000;

it("holds what is promised in thousands of worlds", async () => {
  for (let seed = FIRST; seed < FIRST + WORLDS; seed += 1) {
    const history = await simulate(seed);
    expect(history.violation, `SIM_SEED=${seed}\n${history.trace.join("\n")}`).toBeUndefined();
  }
}, 1_500_000);
