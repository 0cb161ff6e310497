import { expect, it } from "vitest";
import { retryDelayMs } from "./deliver";
import { pressure } from "./pressure";

it("takes several at once through a healthy channel, and one at a time after a pause through one in trouble", () => {
  const limits = pressure();
  for (let at = 0; at < 4; at++) limits.begin("a");
  expect([limits.room("a", 0), limits.room("b", 0), limits.closed(0)]).toEqual([0, 4, ["a"]]);
  for (let at = 0; at < 4; at++) limits.end("a", at < 3 ? "fine" : { closedForMs: undefined }, 0);
  expect([limits.room("a", 1_999), limits.room("a", 2_000), limits.nextOpenMs(0)]).toEqual([0, 1, 2_000]);
  limits.begin("a");
  limits.end("a", { closedForMs: 30_000 }, 2_000);
  expect(limits.nextOpenMs(2_000)).toBe(32_000);
  limits.begin("a");
  limits.end("a", "fine", 32_000);
  expect([limits.room("a", 32_000), limits.closed(32_000)]).toEqual([4, []]);
});

it("waits longer after each try, and never longer than five minutes", () => {
  expect([1, 2, 3, 50].map(retryDelayMs)).toEqual([5_000, 10_000, 20_000, 300_000]);
});
