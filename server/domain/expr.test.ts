import { expect, it } from "vitest";
import { evaluate, refsOf } from "./expr";
import { TaskId } from "./ids";
import { Expr, type Json } from "./serialized-dag";

const stats = TaskId.parse("stats");
const silent = TaskId.parse("silent");
const result: Json = { rows: 3, best: null, kids: [{ name: "a" }, "text"], on: true };
const scope = {
  params: { wallet: "0xabc", nested: { deep: [1, 2] } },
  value: (task: TaskId) => (task === stats ? result : undefined),
};
const of = (expr: Expr) => evaluate(expr, scope);

// prettier-ignore
it.each<[string, Expr, Json | undefined]>([
  ["a literal", { lit: { a: [1] } }, { a: [1] }],
  ["an input left out", { none: true }, undefined],
  ["a result", { ref: stats }, result],
  ["no result", { ref: silent }, undefined],
  ["a part", { ref: stats, path: ["rows"] }, 3],
  ["a part of a part", { ref: stats, path: ["kids", 0, "name"] }, "a"],
  ["null itself", { ref: stats, path: ["best"] }, null],
  ["through null", { ref: stats, path: ["best", "score"] }, undefined],
  ["through no result", { ref: silent, path: ["score"] }, undefined],
  ["a missing key", { ref: stats, path: ["nope"] }, undefined],
  ["past the end", { ref: stats, path: ["kids", 2] }, undefined],
  ["before the start", { ref: stats, path: ["kids", -1] }, undefined],
  ["a method of a list", { ref: stats, path: ["kids", "length"] }, undefined],
  ["a method of a text", { ref: stats, path: ["kids", 1, "length"] }, undefined],
  ["the prototype", { ref: stats, path: ["__proto__"] }, undefined],
  ["what the prototype has", { ref: stats, path: ["constructor"] }, undefined],
  ["all params", { param: [] }, scope.params],
  ["a param", { param: ["nested", "deep", 1] }, 2],
  ["a list", { list: [{ lit: 1 }, { ref: silent }, { ref: stats, path: ["rows"] }] }, [1, null, 3]],
  ["an object", { object: { a: { lit: 1 }, b: { ref: silent }, c: { param: ["wallet"] } } }, { a: 1, c: "0xabc" }],
  ["a text", { text: ["/", { param: ["wallet"] }, "?n=", { ref: stats, path: ["rows"] }, { ref: silent }, { ref: stats, path: ["on"] }] }, "/0xabc?n=3true"],
])("evaluates %s", (_name, expr, expected) => {
  expect(of(expr)).toEqual(expected);
});

it("keeps a key called __proto__ a key", () => {
  const own = JSON.parse('{"__proto__": {"admin": true}}') as { readonly [key: string]: Json };
  const made = evaluate({ object: Object.fromEntries([["__proto__", { lit: { admin: true } }]]) }, scope);
  expect(JSON.stringify(made)).toBe('{"__proto__":{"admin":true}}');
  expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
  expect(evaluate({ param: ["__proto__", "admin"] }, { ...scope, params: own })).toBe(true);
});

it("finds every task that an expression needs, once", () => {
  const expr: Expr = {
    object: {
      a: { list: [{ ref: stats }, { text: ["x", { ref: silent, path: ["y"] }] }] },
      b: { ref: stats, path: ["rows"] },
      c: { param: ["wallet"] },
    },
  };
  expect([...refsOf(expr)].sort()).toEqual(["silent", "stats"]);
  expect(Expr.parse(expr)).toEqual(expr);
});
