import { expect, it } from "vitest";
import { barHeights } from "./bar-heights";

it("draws runs that take the same with room above them", () => {
  expect(barHeights([60_000, 60_000, 60_000])).toEqual([20, 20, 20]);
});

it("draws lengths in proportion, none too small to see", () => {
  expect(barHeights([50_000, 60_000, 100_000, 10])).toEqual([14, 17, 28, 3]);
});

it("cuts off one far above the others", () => {
  const durations = Array.from({ length: 40 }, () => 60_000);
  expect(barHeights([...durations, 6_000_000]).at(-1)).toBe(28);
  expect(barHeights([...durations, 6_000_000])[0]).toBe(20);
});

it("needs no durations", () => {
  expect(barHeights([null, null])).toEqual([12, 12]);
  expect(barHeights([0, 0])).toEqual([20, 20]);
  expect(barHeights([])).toEqual([]);
});
