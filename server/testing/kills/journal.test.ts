import { expect, it } from "vitest";
import { judge } from "./journal";

const line = (key: string, attempt: number, what: "start" | "tick" | "end") => ({ key, attempt, what });
const recorded = (key: string, ...states: string[]) =>
  states.map((state, at) => ({ key, attempt: at + 1, state }));

it("finds nothing wrong with a task that was killed and came through at its second attempt", () => {
  const lines = [line("a", 1, "start"), line("a", 1, "tick"), line("a", 2, "start"), line("a", 2, "end")];
  const verdict = judge(lines, ["a"], recorded("a", "failed", "success"));
  expect(verdict).toEqual({ overlaps: [], doubled: [], lost: [], unfounded: [] });
});

it("finds two lives at once, one attempt begun twice, a second success", () => {
  const overlap = [line("a", 1, "start"), line("a", 2, "start"), line("a", 1, "tick"), line("a", 2, "end")];
  expect(judge(overlap, ["a"], recorded("a", "failed", "success")).overlaps).toHaveLength(1);
  const twice = [line("a", 1, "start"), line("a", 1, "start")];
  expect(judge(twice, ["a"], recorded("a", "failed")).doubled).toHaveLength(1);
  expect(judge([], ["a"], recorded("a", "success", "success")).doubled).toHaveLength(1);
});

it("finds a task without a success, an attempt that nobody has recorded, and a success that nobody has seen", () => {
  expect(judge([], ["a", "b"], recorded("a", "failed")).lost).toEqual(["a", "b"]);
  const lines = [line("a", 1, "start"), line("a", 1, "end"), line("a", 2, "start"), line("a", 2, "end")];
  expect(judge(lines, ["a"], recorded("a", "success")).lost).toEqual(["a: attempt 2"]);
  expect(judge([line("a", 1, "start")], ["a"], recorded("a", "success")).unfounded).toHaveLength(1);
});
