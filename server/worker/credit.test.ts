import { expect, it } from "vitest";
import { creditOf, pace } from "./credit";

it("lets short attempts wait here, and long ones not", () => {
  const speed = pace(4);
  expect(speed.lookAhead).toBe(0);
  speed.ended(20);
  expect(speed.lookAhead).toBe(4 * 2);
  for (let n = 0; n < 30; n++) speed.ended(0.1);
  expect(speed.lookAhead).toBe(4 * 32);
  for (let n = 0; n < 3; n++) speed.ended(10_000);
  expect(speed.lookAhead).toBe(0);
});

it.each([
  [4, 1, true, 4],
  [4, 1, false, 2],
  [4, 0, false, 4],
  [5, 2, true, 3],
])("shares %i among %i users (one of them: %s) as %i", (total, users, isUser, credit) => {
  expect(creditOf(total, users, isUser)).toBe(credit);
});
