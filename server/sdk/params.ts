import { z } from "zod";
import type { Json } from "../domain/serialized-dag";
import { VaneError } from "../platform/errors";
import type { Graph } from "./graph";
import { makeHandle, standFor, type Handle } from "./handle";
import type { JsonOf } from "./json";
import { loadError, type Place } from "./place";

/** zod types an empty object as Record<string, never>, which would let every `params.typo` compile. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export type NoFields = z.ZodObject<{}>;
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export type Out<S extends z.ZodObject> = [keyof S["shape"]] extends [never] ? {} : z.output<S>;
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export type In<S extends z.ZodObject> = [keyof S["shape"]] extends [never] ? {} : z.input<S>;

/** `save(params)` hands over all of them. */
export type Params<T> = { readonly [K in keyof T]-?: Handle<T[K]> };

export type PlainParams<S extends z.ZodObject> =
  z.output<S> extends JsonOf<z.output<S>>
    ? z.output<S> extends z.input<S>
      ? unknown
      : { readonly "params must be the same before and after parsing: no transform": never }
    : { readonly "params must be JSON": JsonOf<z.output<S>> };

/** @internal The params inside a DAG's body: a handle for each, and all of them when given as a whole. */
export function paramHandles(graph: Graph, schema: z.ZodObject | undefined): Record<string, Handle<unknown>> {
  const handles = Object.keys(schema?.shape ?? {}).map(
    (key) => [key, makeHandle({ graph, expr: { param: [key] } }, `params.${key}`)] as const,
  );
  return standFor(Object.fromEntries(handles), { graph, expr: { param: [] } }, "params");
}

interface ParamsData {
  readonly params: Json;
  /** It checks more than its JSON Schema says. */
  readonly refined?: true;
}

/** @internal JSON Schema of what a person may give, made by the author's own zod, and whether that leaves something out. */
export function serializeParams(dagId: string, schema: z.ZodObject | undefined, place: Place): ParamsData {
  if (!schema) return { params: null };
  if (typeof schema.toJSONSchema !== "function") {
    throw loadError(
      "params.unsupported",
      `DAG ${dagId}: params must be a z.object(...) of zod 4.2 or later.`,
      place,
    );
  }
  const refuse = (path: readonly (string | number)[], why: string) =>
    loadError("params.unsupported", `DAG ${dagId}, ${["params", ...names(path)].join(".")}: ${why}`, place);
  const found = { refined: false };
  try {
    // A method of the author's own zod: ours may be of another version, and does not know what theirs has noted.
    const made = schema.toJSONSchema({
      io: "input",
      unrepresentable: "any",
      override: ({ zodSchema, jsonSchema, path }) => {
        const why = flawOf(zodSchema._zod.def);
        if (why) throw refuse(path, why);
        const unsaid = leaveOut(jsonSchema, patternsOf(zodSchema._zod.def));
        found.refined ||= unsaid || isRefined(zodSchema._zod.def);
        // A prefault is parsed in its turn, which a JSON Schema's default is not: defaults inside it would get lost.
        if (zodSchema._zod.def.type === "prefault")
          jsonSchema.default = z.parse(zodSchema, undefined) as Json;
      },
    });
    const params = JSON.parse(JSON.stringify(made)) as Json;
    return found.refined ? { params, refined: true } : { params };
  } catch (error) {
    if (error instanceof VaneError) throw error;
    throw refuse(
      [],
      `no JSON Schema can be made of it (${error instanceof Error ? error.message : String(error)}).`,
    );
  }
}

/** Params must be the same before and after parsing, and JSON: they are stored, shown in a form and handed to tasks. */
function flawOf(def: Def): string | undefined {
  if ("coerce" in def && def.coerce === true) return "z.coerce changes what was given. Use the plain type.";
  if (checksOf(def).includes("overwrite"))
    return "trim(), toLowerCase() and the like change what was given. Do it in a task.";
  switch (def.type) {
    case "date":
      return "a Date is not JSON. Use z.iso.date() or z.iso.datetime().";
    case "catch":
      return "a catch takes what does not fit for something else. Use a default, and let it be refused.";
    case "pipe":
    case "transform":
      return "a transform changes what was given. Do it in a task.";
    case "bigint":
    case "symbol":
    case "undefined":
    case "void":
    case "map":
    case "set":
    case "file":
    case "function":
    case "promise":
    case "nan":
    case "custom":
      return `z.${def.type} has no JSON Schema. Use strings, numbers, booleans, lists and objects.`;
    default:
      return undefined;
  }
}

interface Def {
  readonly type: string;
  readonly checks?: readonly z.core.$ZodCheck[] | undefined;
}

/** Refinements, and what no JSON Schema can say of a URL, a token or a format. */
const isRefined = (def: Def): boolean =>
  checksOf(def).some((check) => UNSAID.has(check)) ||
  ["hostname", "protocol", "alg"].some((key) => key in def) ||
  ("fn" in def && !("pattern" in def));

const patternsOf = (def: Def): RegExp[] =>
  [def, ...(def.checks ?? []).map(({ _zod }) => _zod.def)].flatMap((part) =>
    "pattern" in part && part.pattern instanceof RegExp ? [part.pattern] : [],
  );

const UNSAID = new Set(["custom", "property", "mime_type"]);

/** zod takes a check for a schema where it stands first: a format. */
const checksOf = ({ checks = [] }: Def): string[] => checks.map(({ _zod }) => _zod.def.check);

/** A pattern of JSON Schema has no flags: one that has would say something else there. True when some were left out. */
function leaveOut(schema: z.core.JSONSchema.BaseSchema, patterns: readonly RegExp[]): boolean {
  const flagged = new Set(patterns.filter(({ flags }) => flags !== "").map(({ source }) => source));
  const isFlagged = ({ pattern }: { readonly pattern?: string | undefined }) =>
    pattern !== undefined && flagged.has(pattern);
  if (isFlagged(schema)) delete schema.pattern;
  if (schema.allOf && schema.type) {
    const { type } = schema;
    // Without the type, who reads it takes a second pattern for one that means nothing here.
    schema.allOf = schema.allOf.filter((part) => !isFlagged(part)).map((part) => ({ type, ...part }));
  }
  return flagged.size > 0;
}

/** Of a JSON Schema's path, what the author called things: a name stands after `properties`. */
const names = (path: readonly (string | number)[]) =>
  path.filter((_key, at) => path[at - 1] === "properties" && path[at - 2] !== "properties");
