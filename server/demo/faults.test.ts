import { expect, it } from "vitest";
import { FAULT_EVERY, faultAt } from "./faults";

const answers = (seed: number, path: string, count: number) =>
  Array.from({ length: count }, (_, n) => faultAt(seed, path, n));
const faulty = (seed: number, path: string, count: number) =>
  answers(seed, path, count).filter(({ kind }) => kind !== "none");

it("spoils one answer in twenty, the same ones for the same seed", () => {
  expect(faulty(1, "/prices", 2_000)).toHaveLength(2_000 / FAULT_EVERY);
  expect(answers(1, "/prices", 200)).toEqual(answers(1, "/prices", 200));
  expect(answers(1, "/prices", 200)).not.toEqual(answers(2, "/prices", 200));
  expect(answers(1, "/prices", 200)).not.toEqual(answers(1, "/pools", 200));
});

it("has both kinds, and none slower than two seconds", () => {
  const kinds = faulty(1, "/locks", 2_000).map(({ kind }) => kind);
  expect(new Set(kinds)).toEqual(new Set(["slow", "error"]));
  const delays = faulty(1, "/locks", 2_000).flatMap((fault) => (fault.kind === "slow" ? fault.delayMs : []));
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(1_000);
  expect(Math.max(...delays)).toBeLessThanOrEqual(2_000);
});

it("lets three attempts of six requests through, wherever they begin", () => {
  for (let seed = 0; seed < 5; seed++) {
    const spoiled = answers(seed, "/prices", 400).map(({ kind }) => kind !== "none");
    for (let n = 0; n + 18 <= spoiled.length; n++) {
      expect(spoiled.slice(n, n + 18).filter(Boolean).length).toBeLessThan(3);
    }
  }
});
