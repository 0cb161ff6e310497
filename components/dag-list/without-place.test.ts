import { expect, it } from "vitest";
import { withoutPlace } from "./without-place";

it.each([
  ["dags/a.ts:3: ReferenceError: x is not defined.", "ReferenceError: x is not defined."],
  ["dags/a.ts:3:14: SyntaxError: oops.", "SyntaxError: oops."],
  ["dags/a.ts: It exports no DAG.", "It exports no DAG."],
  ["The id of dags/a.ts:3 is taken.", "The id of dags/a.ts:3 is taken."],
])("%s", (sentence, rest) => {
  expect(withoutPlace(sentence, "dags/a.ts")).toBe(rest);
});
