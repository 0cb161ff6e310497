import { expect, it } from "vitest";
import { underKills, VICTIMS } from "./under-kills";

/** Five recoveries of some seconds each, on two cores that do other things beside. */
const TIMEOUT_MS = 240_000;

it(
  "loses nothing, doubles nothing, runs nothing twice at once, when each of its processes is killed in turn",
  async () => {
    const { runs, ...verdict } = await underKills({ seed: 1, victims: VICTIMS });
    expect(verdict).toEqual({ overlaps: [], doubled: [], lost: [] });
    expect(runs).toEqual({ success: VICTIMS.length * 2 });
  },
  TIMEOUT_MS,
);
