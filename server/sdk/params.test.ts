import { expect, it } from "vitest";
import { z } from "zod";
import { checkParams } from "../domain/params";
import { insideOf } from "./inside";
import { dag } from "./vane";

const schemaOf = (params: z.ZodObject) =>
  insideOf(dag({ id: "d", params: params as never }, () => {}))?.serialized.params ?? null;

it("becomes a JSON Schema that door and owner check without the author's code", () => {
  const schema = schemaOf(
    z.object({
      wallet: z.string().default("0xabc"),
      from: z.iso.date().optional(),
      days: z
        .int()
        .min(1)
        .max(30)
        .refine((days) => days !== 13),
      kind: z.enum(["a", "b"]),
      nested: z.object({ list: z.array(z.number()).default([]) }).prefault({}),
    }),
  );
  expect(checkParams(schema, { days: 13, kind: "a" })).toEqual({
    ok: true,
    value: { wallet: "0xabc", days: 13, kind: "a", nested: { list: [] } },
  });
  expect(checkParams(schema, { days: 31, kind: "c", walet: "x" })).toMatchObject({
    ok: false,
    errors: [{ path: ["walet"] }, { path: ["days"] }, { path: ["kind"] }],
  });
});

// prettier-ignore
it.each<[string, z.ZodObject, string]>([
  ["coerce", z.object({ n: z.coerce.number() }), "params.n: z.coerce changes what was given. Use the plain type."],
  ["coerce, deep inside", z.object({ a: z.array(z.object({ n: z.coerce.date() })).default([]) }), "params.a.n: z.coerce changes"],
  ["a transform", z.object({ s: z.string().transform(Number) }), "params.s: a transform changes what was given. Do it in a task."],
  ["preprocess", z.object({ s: z.preprocess(String, z.string()) }), "params.s: a transform changes"],
  ["a codec", z.object({ s: z.stringbool() }), "params.s: a transform changes"],
  ["a date", z.object({ when: z.date() }), "params.when: a Date is not JSON. Use z.iso.date() or z.iso.datetime()."],
  ["a bigint", z.object({ n: z.bigint() }), "params.n: z.bigint has no JSON Schema."],
  ["a map", z.object({ m: z.map(z.string(), z.string()) }), "params.m: z.map has no JSON Schema."],
])("refuses %s", (_what, schema, sentence) => {
  expect(() => schemaOf(schema)).toThrow("params.unsupported: DAG d, ");
  expect(() => schemaOf(schema)).toThrow(sentence);
});
