import { expect, it } from "vitest";
import { walkJson } from "./not-json";
import { resultText } from "./result-text";

class Money {
  constructor(readonly cents: number) {}
}
const loop: Record<string, unknown> = {};
loop["self"] = { again: [loop] };
const twice = { a: 1 };

// prettier-ignore
it.each<[string, unknown, string]>([
  ["a bigint", { rows: [1, { big: 10n }] }, "at rows[1].big: a bigint is not JSON: return a string."],
  ["a function", { f: () => 1 }, "at f: a function is not JSON."],
  ["a symbol", [Symbol("x")], "at [0]: a symbol is not JSON."],
  ["NaN", NaN, "is not JSON: NaN is not JSON: use null."],
  ["Infinity", { "odd key": -Infinity }, 'at ["odd key"]: -Infinity is not JSON: use null.'],
  ["a cycle", loop, "at self.again[0]: it contains itself."],
  ["a class instance", { price: new Money(5) }, "at price: an instance of Money loses its class: return a plain object."],
  ["an error", new TypeError("x"), "an instance of TypeError loses its class: return a plain object."],
  ["bytes", Buffer.from("x"), "an object with toJSON comes back as something else: call it yourself."],
  ["a Map", new Map(), "a Map or Set is not JSON: use Object.fromEntries or [...set]."],
  ["a Set", { s: new Set() }, "at s: a Map or Set is not JSON: use Object.fromEntries or [...set]."],
  ["a Date", [new Date(0)], "at [0]: a Date is not JSON: use toISOString()."],
  ["toJSON", { toJSON: () => { throw new Error("never asked"); } }, "an object with toJSON comes back as something else: call it yourself."],
  ["a hole", [1, , 2], "at [1]: undefined in a list becomes null: use null."],
])("refuses %s and says where", (_name, value, sentence) => {
  expect(() => resultText("fetch_locks", value)).toThrow(sentence);
  expect(() => resultText("fetch_locks", value)).toThrow("result.not_json: The result of fetch_locks is not JSON");
});

it("refuses a value 100,000 levels deep without running out of stack", () => {
  let deep: unknown = 1;
  for (let level = 0; level < 100_000; level++) deep = { in: deep };
  expect(() => resultText("t", deep)).toThrow("it is nested deeper than 1000 levels");
});

it.each<[unknown, string | undefined]>([
  [undefined, undefined],
  [null, "null"],
  [{ a: undefined, b: "\u0000\ud800", c: [twice, twice] }, '{"b":"\\u0000\\ud800","c":[{"a":1},{"a":1}]}'],
  [Object.assign(Object.create(null) as object, { x: 1 }), '{"x":1}'],
  [JSON.parse('{"__proto__":1}'), '{"__proto__":1}'],
])("takes %o", (value, text) => {
  expect(resultText("t", value)).toBe(text);
});

it("names task and size of a result that is too big, in bytes and not in characters", () => {
  expect(resultText("t", "x".repeat(998), 1_000)).toHaveLength(1_000);
  expect(() => resultText("load", "x".repeat(2 ** 20), 2 ** 20)).toThrow(
    "result.too_big: The result of load is more than 1.0 MB as JSON; the limit is 1.0 MB. Store it (a table, a file) and return where it is.",
  );
  expect(() => resultText("load", "ä".repeat(2 ** 19), 2 ** 20)).toThrow("is 1.0 MB as JSON");
});

it("counts on the way, so that a small knot of references is not unfolded", () => {
  let knot: unknown = "x";
  for (let level = 0; level < 60; level++) knot = [knot, knot];
  expect(walkJson(knot, 10_000)).toEqual({ kind: "too_big" });
});
