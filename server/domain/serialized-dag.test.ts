import { expect, it } from "vitest";
import { Expr, Json } from "./serialized-dag";

it.each([
  [{ lit: { deep: [1, null, "x"] } }],
  [{ none: true }],
  [{ ref: "fetch" }],
  [{ ref: "group.fetch", path: ["rows", 0] }],
  [{ path: ["rows"], ref: "fetch" }],
  [{ param: [] }],
  [{ param: ["wallet"] }],
  [{ list: [{ lit: 1 }, { ref: "fetch" }] }],
  [{ object: { a: { lit: 1 }, b: { list: [] } } }],
  [{ text: ["/wallets/", { param: ["wallet"] }, ""] }],
])("takes %j for an input", (expr) => {
  expect(Expr.parse(JSON.parse(JSON.stringify(expr)))).toEqual(expr);
});

it.each([
  [undefined],
  [{}],
  [[]],
  ["x"],
  [{ lit: undefined }],
  [{ lit: NaN }],
  [{ none: false }],
  [{ ref: "../etc" }],
  [{ ref: "fetch", path: [0.5] }],
  [{ ref: "fetch", other: 1 }],
  [{ param: "wallet" }],
  [{ list: [{ eval: "x" }] }],
  [{ object: { a: 1 } }],
  [{ text: [1] }],
  [{ lit: 1, ref: "fetch" }],
])("refuses %j", (value) => {
  expect(Expr.safeParse(value).success).toBe(false);
});

it("refuses what is nested without end, and what JSON has not", () => {
  let deep: unknown = { lit: 1 };
  for (let i = 0; i < 10_000; i += 1) deep = { list: [deep] };
  expect(Expr.safeParse(deep).success).toBe(false);
  let list: unknown = 1;
  for (let i = 0; i < 100_000; i += 1) list = [list];
  for (const value of [list, 1n, new Date(), new Map(), () => 1, Infinity]) {
    expect(Json.safeParse(value).success).toBe(false);
  }
});
