import { expect, it } from "vitest";
import { Limits } from "./limits";
import { isDead, observe, type Observation } from "./peers";

const limits = Limits.parse({});

/** Looks once a second, as the sweep does, at a beat that does not move. */
function lookFor(seconds: number, from?: Observation): Observation | undefined {
  let seen = from;
  const startMs = from ? from.lookedMs + 1_000 : 0;
  for (let at = 0; at < seconds; at += 1) seen = observe(seen, 7, startMs + at * 1_000, limits);
  return seen;
}

const dead = (seen: Observation | undefined) => seen !== undefined && isDead(seen, limits);

it("calls nobody dead before the beat has stood still for 10 s", () => {
  expect(dead(lookFor(10))).toBe(false);
  expect(dead(lookFor(11))).toBe(true);
});

it("begins anew when the beat moves", () => {
  const seen = lookFor(10);
  expect(dead(observe(seen, 8, 10_000, limits))).toBe(false);
});

it("begins anew after a gap between two looks: who looked too rarely has seen nothing", () => {
  const seen = lookFor(10);
  expect(dead(observe(seen, 7, 13_000, limits))).toBe(false);
});

it("does not believe a few looks far apart", () => {
  let seen: Observation | undefined;
  for (let at = 0; at <= 5; at += 1) seen = observe(seen, 7, at * 2_500, limits);
  expect(dead(seen)).toBe(false);
});
