import { expect, it } from "vitest";
import { VICTIMS } from "./harm";
import { NOTHING_WRONG, underHarm } from "./under-harm";

/** Five recoveries of some seconds each, on two cores that do other things beside. */
const TIMEOUT_MS = 240_000;

it(
  "loses nothing, doubles nothing, runs nothing twice at once, when each of its processes is killed in turn",
  async () => {
    const harms = VICTIMS.map((victim) => ({ how: "kill", victim }) as const);
    const outcome = await underHarm({ seed: 1, harms });
    expect(outcome).toMatchObject(NOTHING_WRONG);
    expect(outcome.runs).toEqual({ success: VICTIMS.length * 2 });
  },
  TIMEOUT_MS,
);
