import { expect, it } from "vitest";
import { Instant, PositiveNumber, WholeNumber } from "./arguments";
import { nearest } from "./nearest";
import { parseParams } from "./params-option";

it.each([
  ["2026-11-24", "2026-11-24T00:00:00.000Z"],
  ["2026-11-24T14:30:00Z", "2026-11-24T14:30:00.000Z"],
  ["2026-11-24T14:30", "2026-11-24T14:30:00.000Z"],
  ["2026-11-24T15:30:00+01:00", "2026-11-24T14:30:00.000Z"],
])("takes %s for an instant", (text, iso) => {
  expect(Instant.parse(text).toISOString()).toBe(iso);
});

it.each(["tomorrow", "2026-02-30", "24.11.2026", "1764000000", "", "2026-11-24 14:30"])(
  "does not take %j for one",
  (text) => {
    expect(Instant.safeParse(text).success).toBe(false);
  },
);

it("takes whole numbers only", () => {
  expect(WholeNumber.parse("0")).toBe(0);
  for (const text of ["", "-1", "1.5", "1e3", "0x10", " 1", "9999999999"]) {
    expect(WholeNumber.safeParse(text).success).toBe(false);
  }
  expect(PositiveNumber.safeParse("0").success).toBe(false);
});

const SCHEMA = {
  type: "object",
  properties: { wallet: { type: "string" }, limit: { type: "integer" }, deep: { type: "boolean" }, tags: {} },
};

it.each([
  [["wallet=0xabc", "limit=5", "deep=true"], { wallet: "0xabc", limit: 5, deep: true }],
  [["wallet=5"], { wallet: "5" }],
  [["wallet=a=b"], { wallet: "a=b" }],
  [["wallet="], { wallet: "" }],
  [['tags=["a","b"]'], { tags: ["a", "b"] }],
  [["limit=many"], { limit: "many" }],
  [['{"wallet": "a", "limit": 1}', "limit=2"], { wallet: "a", limit: 2 }],
  [[], {}],
])("reads params %j", (given, params) => {
  expect(parseParams(given, SCHEMA)).toEqual(params);
});

it.each(["wallet", "=5", '{"wallet": }', "[1]"])("refuses params %j and says how to write them", (text) => {
  expect(() => parseParams([text], SCHEMA)).toThrow("Write --params");
});

it("never sets a prototype", () => {
  expect(Object.keys(parseParams(["__proto__=5"], SCHEMA))).toEqual(["__proto__"]);
});

it("guesses what was meant, and does not guess wildly", () => {
  const known = ["veaero_lock_sync", "price_refresh", "hello"];
  expect(nearest("helo", known)).toBe("hello");
  expect(nearest("Hello", known)).toBe("hello");
  expect(nearest("price", known)).toBe("price_refresh");
  expect(nearest("veaero_loc_sync", known)).toBe("veaero_lock_sync");
  expect(nearest("zzz", known)).toBeUndefined();
  expect(nearest("x", known)).toBeUndefined();
});
