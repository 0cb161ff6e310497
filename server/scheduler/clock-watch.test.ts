import { expect, it, vi } from "vitest";
import { aDag } from "../testing/seed";
import { stage } from "../testing/sim/stage";
import { NOW } from "../testing/tasks";
import { clockWatch } from "./clock-watch";

vi.setConfig({ testTimeout: 60_000 });

const at = (ms: number) => new Date(NOW.getTime() + ms);

it.each([
  [10_000, 10_000, 0, undefined],
  [14_000, 10_000, 0, undefined],
  [16_000, 10_000, 0, 6_000],
  [16_000, 10_000, 2_000, undefined], // read at the end of a long way
  [3_000, 10_000, 0, -7_000],
])(
  "takes %d ms of the database in %d ms of ours, %d ms on the way, for a jump of %s",
  (ms, monotonicMs, trip, jump) => {
    const heard = clockWatch();
    expect(heard(at(0), 0, 0)).toBeUndefined();
    expect(heard(at(ms), monotonicMs, trip)).toBe(jump);
  },
);

it("takes a jump for what the time is from then on", () => {
  const heard = clockWatch();
  heard(at(0), 0, 0);
  expect(heard(at(3_600_000), 1_000, 0)).toBe(3_599_000);
  expect(heard(at(3_601_000), 2_000, 0)).toBeUndefined();
});

it.each([90_000, 3_600_000])(
  "makes no scheduled run for ten seconds after a jump of %d ms, says so, and then goes on",
  async (jumpMs) => {
    const set = stage();
    set.bring(aDag({ id: "hello", schedule: ["* * * * *"], tasks: { only: [] } }));
    await set.pass(20_000);
    set.jump(jumpMs);
    await set.pass(9_000);
    expect(set.rows("dag_run")).toEqual([]);
    expect(set.said.map(({ words }) => words).join()).toContain("The database's clock has jumped");
    await set.pass(6_000);
    expect(set.rows("dag_run").length).toBeGreaterThan(0);
  },
);

it("makes nothing of a jump that is taken back meanwhile", async () => {
  const set = stage();
  set.bring(aDag({ id: "hello", schedule: ["0 * * * *"], tasks: { only: [] } }));
  await set.pass(20_000);
  set.jump(3_600_000);
  await set.pass(5_000);
  set.jump(-3_600_000);
  await set.pass(30_000);
  expect(set.rows("dag_run")).toEqual([]);
});
