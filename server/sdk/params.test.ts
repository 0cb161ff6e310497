import { expect, it } from "vitest";
import { z } from "zod";
import { checkParams } from "../domain/params";
import { insideOf } from "./inside";
import { dag } from "./vane";

const serialized = (params: z.ZodObject) =>
  insideOf(dag({ id: "d", params: params as never }, () => {}))?.serialized;
const schemaOf = (params: z.ZodObject) => serialized(params)?.params ?? null;

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
  ["trim", z.object({ s: z.string().trim().min(1) }), "params.s: trim(), toLowerCase() and the like change what was given."],
  ["catch", z.object({ s: z.string().catch("") }), "params.s: a catch takes what does not fit for something else."],
  ["a map", z.object({ m: z.map(z.string(), z.string()) }), "params.m: z.map has no JSON Schema."],
])("refuses %s", (_what, schema, sentence) => {
  expect(() => schemaOf(schema)).toThrow("params.unsupported: DAG d, ");
  expect(() => schemaOf(schema)).toThrow(sentence);
});

const anything = () => true;

// prettier-ignore
it.each<[string, z.ZodObject]>([
  ["refine", z.object({ s: z.string().refine(anything) })],
  ["superRefine, deep inside", z.object({ a: z.array(z.object({ n: z.number().superRefine(() => undefined) })).default([]) })],
  ["check", z.object({ s: z.string().check(() => undefined) })],
  ["a refinement of all of them", z.object({ a: z.string(), b: z.string() }).refine(anything)],
  ["one that waits", z.object({ s: z.string().refine(() => Promise.resolve(true)) })],
  ["the host of a URL", z.object({ u: z.url({ hostname: /^vane/ }) })],
  ["a format of one's own", z.object({ s: z.stringFormat("mine", anything) })],
  ["a property", z.object({ a: z.array(z.string()).check(z.property("length", z.number().min(2))) })],
])("says that a runtime has to ask about %s", (_what, schema) => {
  expect(serialized(schema)).toMatchObject({ refined: true });
});

it("says nothing of the kind where JSON Schema says it all", () => {
  const plain = z.object({
    s: z.string().min(1).regex(/^0x/).startsWith("0"),
    n: z.int().max(9),
    d: z.iso.date(),
  });
  expect(serialized(plain)).not.toHaveProperty("refined");
});

it("leaves a pattern with flags to the runtime: JSON Schema would take it for another one", () => {
  const data = serialized(z.object({ s: z.string().regex(/^0x/i).regex(/f$/) }));
  expect(data?.refined).toBe(true);
  expect(checkParams(data?.params ?? null, { s: "0Xf" })).toMatchObject({ ok: true });
  expect(checkParams(data?.params ?? null, { s: "0xe" })).toMatchObject({ ok: false });
  const both = schemaOf(
    z.object({ s: z.string().regex(/^0x/).regex(/f$/), n: z.number().multipleOf(2).multipleOf(3) }),
  );
  expect(checkParams(both, { s: "0xf", n: 6 })).toMatchObject({ ok: true });
  expect(checkParams(both, { s: "0xe", n: 4 })).toMatchObject({ errors: [{ path: ["s"] }, { path: ["n"] }] });
});
