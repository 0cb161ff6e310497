import { expect, it } from "vitest";
import { parameterNames } from "./parameter-names";

/* eslint-disable @typescript-eslint/no-unused-vars */
it.each<[(...inputs: never[]) => unknown, string[]]>([
  [() => 1, []],
  [(wallet: string, base = f("a, b", [1, 2])) => wallet + base, ["wallet", "base"]],
  [({ rows }: { rows: number }, [first]: string[], ...rest: number[]) => 1, ["input 1", "input 2", "rest"]],
  [function named(a: number /* , not this */, b: number) {}, ["a", "b"]],
  [{ method: async (größe: number) => Promise.resolve(größe) }.method, ["größe"]],
  [Math.max, []],
])("reads %s", (fn, names) => {
  expect(parameterNames(fn)).toEqual(names);
});

it("reads a lone parameter without brackets, as JavaScript may have it", () => {
  // prettier-ignore
  expect(parameterNames(async x => Promise.resolve(x))).toEqual(["x"]);
});

const f = (..._inputs: unknown[]) => "";
