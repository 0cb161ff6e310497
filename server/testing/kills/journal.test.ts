import { expect, it } from "vitest";
import { judge } from "./journal";

const line = (key: string, attempt: number, what: "start" | "tick" | "end") => ({ key, attempt, what });

it("finds nothing wrong with a task that was killed and came through at its second attempt", () => {
  const lines = [line("a", 1, "start"), line("a", 1, "tick"), line("a", 2, "start"), line("a", 2, "end")];
  expect(judge(lines, ["a"])).toEqual({ overlaps: [], doubled: [], lost: [] });
});

it("finds two lives at once, one attempt begun twice, and a task without an end", () => {
  const overlap = [line("a", 1, "start"), line("a", 2, "start"), line("a", 1, "tick"), line("a", 2, "end")];
  expect(judge(overlap, ["a"]).overlaps).toHaveLength(1);
  expect(judge([line("a", 1, "start"), line("a", 1, "start")], ["a"]).doubled).toHaveLength(1);
  expect(judge([line("a", 1, "start")], ["a", "b"]).lost).toEqual(["a", "b"]);
});
