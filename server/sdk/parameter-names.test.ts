import { expect, it } from "vitest";
import { parameterNames } from "./parameter-names";

/* eslint-disable @typescript-eslint/no-unused-vars */
it.each<[(...inputs: never[]) => unknown, string[]]>([
  [() => 1, []],
  [async (wallet: string, base = f("a, b", [1, 2])) => wallet + base, ["wallet", "base"]],
  [({ rows }: { rows: number }, [first]: string[], ...rest: number[]) => 1, ["input 1", "input 2", "rest"]],
  [function named(a: number /* , not this */, b: number) {}, ["a", "b"]],
  [{ async method(größe: number) {} }.method, ["größe"]],
  [Math.max, []],
])("reads %s", (fn, names) => {
  expect(parameterNames(fn)).toEqual(names);
});

it("reads a lone parameter without brackets", () => {
  const made = new Function("return async x => x")() as () => unknown; // as written in JavaScript
  expect(parameterNames(made)).toEqual(["x"]);
});

const f = (..._inputs: unknown[]) => "";
