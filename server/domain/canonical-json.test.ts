import { expect, it } from "vitest";
import { canonicalJson } from "./canonical-json";

it("is the same text for the same value, whatever the order of its keys", () => {
  const one = { b: [{ y: 1, x: null }], a: "z", ä: 1, Z: true };
  const other = { Z: true, ä: 1, a: "z", b: [{ x: null, y: 1 }] };
  expect(canonicalJson(one)).toBe('{"Z":true,"a":"z","b":[{"x":null,"y":1}],"ä":1}');
  expect(canonicalJson(other)).toBe(canonicalJson(one));
});

it("keeps the order of lists and a key called __proto__", () => {
  expect(canonicalJson([2, 1])).toBe("[2,1]");
  expect(canonicalJson(JSON.parse('{"b":1,"__proto__":2}') as Record<string, number>)).toBe(
    '{"__proto__":2,"b":1}',
  );
});
