import { expect, it } from "vitest";
import { relativeTo, spanInWords } from "./spans";

it.each([
  [-5, "0s"],
  [999, "0s"],
  [7_000, "7s"],
  [72_000, "1m 12s"],
  [129_400, "2m 09s"],
  [3_599_999, "59m 59s"],
  [3_840_000, "1h 04m"],
  [183_600_000, "2d 03h"],
])("%d ms took %s", (ms, words) => {
  expect(spanInWords(ms)).toBe(words);
});

it.each([
  [0, "now"],
  [-900, "now"],
  [-1_000, "1 s ago"],
  [-90_000, "1 m ago"],
  [-5 * 3_600_000, "5 h ago"],
  [-3 * 86_400_000, "3 d ago"],
  [52_000, "in 52 s"],
  [13 * 3_600_000 + 5, "in 13 h"],
])("%d ms from now is %s", (ms, words) => {
  const now = new Date("2026-11-24T14:32:07Z");
  expect(relativeTo(new Date(now.getTime() + ms), now)).toBe(words);
});
