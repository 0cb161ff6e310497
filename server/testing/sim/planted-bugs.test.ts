import { expect, it } from "vitest";
import { simulate, type Wishes } from "./simulation";

/*
 * A simulation that finds nothing proves something only if it would have found it. Each line takes one rule away and must
 * see the world fall apart by it, within so many worlds.
 */
const PATIENCE = 150;

async function findsOut(wishes: Wishes): Promise<string | undefined> {
  for (let seed = 1; seed <= PATIENCE; seed += 1) {
    const { violation } = await simulate(seed, wishes);
    if (violation) return violation;
  }
  return undefined;
}

// Where a rule matters only when two rare things meet, its worlds have no other ones.
it.each<[Wishes, RegExp]>([
  [{ without: ["answersAfterCommit"] }, /I1: .* was started; in the database/],
  [{ without: ["fenceRefusesDead"], faults: ["suspicion"] }, /a deposed process wrote/],
  [
    { without: ["fenceRefusesOld"], faults: ["connectionBreaks", "connectionGoesSilent"] },
    /was committed twice/,
  ],
  [{ without: ["claimsFreeOnly"], faults: ["suspicion"] }, /I1|I4|I6|stands in no history/],
  [{ without: ["acksAfterCommit"], faults: ["schedulerDies", "suspicion"] }, /I1|I4|I6|stands in no history/],
  [
    { without: ["epochsCount"], faults: ["linkStalls", "suspicion", "schedulerStops"] },
    /I1|I4|I6|stands in no history/,
  ],
  [
    { without: ["remembersDenials"], faults: ["linkStalls"] },
    /I1: .* (was started; in the database|are alive)/,
  ],
  [{ without: ["killsUnrenewed"], faults: ["apart"], longTasks: 0.6 }, /I1|runs on after the end/],
  [{ without: ["watchdog"], faults: ["workerStops"], longTasks: 0.6 }, /I1|runs on after the end/],
])(
  "finds out what is wrong %j",
  async (wishes, what) => {
    expect(await findsOut(wishes)).toMatch(what);
  },
  300_000,
);
