import { expect, it } from "vitest";
import { z } from "zod";
import { checkParams, type CheckedParams } from "./params";
import { Json } from "./serialized-dag";

const parse = (text: string): unknown => JSON.parse(text);
const schemaOf = (schema: z.ZodObject) => Json.parse(z.toJSONSchema(schema, { io: "input" }));

const LOCKS = schemaOf(
  z.object({
    wallet: z.string().default("0xabc"),
    limit: z.int().min(1).max(500).optional(),
    day: z.iso.date().optional(),
    at: z.iso.datetime().optional(),
    mode: z.enum(["full", "delta"]).default("full"),
    source: z.object({ url: z.url(), pages: z.array(z.int()).default([]) }).optional(),
  }),
);
const DEFAULTS = { wallet: "0xabc", mode: "full" };

const errorsOf = (checked: CheckedParams) =>
  checked.ok ? [] : checked.errors.map(({ path, message }) => `${path.join(".")}: ${message}`);

it("fills in defaults, nested ones too", () => {
  expect(checkParams(LOCKS, {})).toEqual({ ok: true, value: DEFAULTS });
  expect(checkParams(LOCKS, { source: { url: "https://example.com" } })).toEqual({
    ok: true,
    value: { ...DEFAULTS, source: { url: "https://example.com", pages: [] } },
  });
});

it.each([
  [{ limit: NaN }, ["limit: NaN is not a number that JSON can hold."]],
  [{ limit: 0 }, ["limit: Too small: expected number to be >=1."]],
  [{ limit: "5" }, ["limit: Invalid input: expected number, received string."]],
  [{ walet: "0x" }, ["walet: This DAG has no such param. It has: wallet, limit, day, at, mode, source."]],
  [{ day: "2026-02-30" }, ["day: Must be a date, as 2026-11-24."]],
  [{ at: "noon" }, ["at: Must be a date with time, as 2026-11-24T14:30:00Z."]],
  [{ mode: "some" }, ['mode: Invalid option: expected one of "full"|"delta".']],
  [{ source: {} }, ["source.url: Required, and has no default."]],
  [{ source: { url: "https://example.com", pages: [1, "2"] } }, [/^source.pages.1: Invalid input/]],
  [{ wallet: undefined }, [/^wallet: A value of type undefined/]],
  [{ day: new Date(0) }, [/^day: /]],
  [[], [": Params must be a JSON object."]],
  ["wallet", [": Params must be a JSON object."]],
  [null, [": Params must be a JSON object."]],
])("refuses %j and says where", (conf, errors) => {
  expect(errorsOf(checkParams(LOCKS, conf))).toEqual(
    errors.map((error) => (typeof error === "string" ? error : (expect.stringMatching(error) as unknown))),
  );
});

it("names every param that does not fit", () => {
  expect(errorsOf(checkParams(LOCKS, { limit: 0, mode: "some", walet: "" }))).toHaveLength(3);
});

it.each(['{"__proto__": {"admin": true}}', '{"source": {"url": "https://example.com", "__proto__": {}}}'])(
  "refuses a key that reaches the prototype: %s",
  (text) => {
    expect(errorsOf(checkParams(LOCKS, parse(text)))).toEqual([expect.stringContaining("not allowed")]);
  },
);

it("survives a value as deep as text can make it", () => {
  const deep: unknown = JSON.parse(`{"wallet": ${"[".repeat(5_000)}${"]".repeat(5_000)}}`);
  expect(errorsOf(checkParams(LOCKS, deep))).toEqual([expect.stringContaining("Nested deeper")]);
});

it("takes nothing for a DAG without params", () => {
  expect(checkParams(null, {})).toEqual({ ok: true, value: {} });
  expect(errorsOf(checkParams(null, { wallet: "0x" }))).toEqual(["wallet: This DAG has no params."]);
});

it("lets a loose schema take more", () => {
  const loose = schemaOf(z.looseObject({ wallet: z.string().default("0xabc") }));
  expect(checkParams(loose, { note: "x" })).toEqual({ ok: true, value: { wallet: "0xabc", note: "x" } });
});
