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

/** @internal JSON Schema of what a person may give, made by the author's own zod; checks of refinements are not in it. */
export function paramsSchema(dagId: string, schema: z.ZodObject | undefined, place: Place): Json {
  if (!schema) return null;
  if (typeof schema.toJSONSchema !== "function") {
    throw loadError(
      "params.unsupported",
      `DAG ${dagId}: params must be a z.object(...) of zod 4.2 or later.`,
      place,
    );
  }
  const refuse = (path: readonly (string | number)[], why: string) =>
    loadError("params.unsupported", `DAG ${dagId}, ${["params", ...names(path)].join(".")}: ${why}`, place);
  try {
    // A method of the author's own zod: ours may be of another version, and does not know what theirs has noted.
    const made = schema.toJSONSchema({
      io: "input",
      unrepresentable: "any",
      override: ({ zodSchema, jsonSchema, path }) => {
        const why = flawOf(zodSchema._zod.def);
        if (why) throw refuse(path, why);
        // A prefault is parsed in its turn, which a JSON Schema's default is not: defaults inside it would get lost.
        if (zodSchema._zod.def.type === "prefault")
          jsonSchema.default = z.parse(zodSchema, undefined) as Json;
      },
    });
    return JSON.parse(JSON.stringify(made)) as Json;
  } catch (error) {
    if (error instanceof VaneError) throw error;
    throw refuse(
      [],
      `no JSON Schema can be made of it (${error instanceof Error ? error.message : String(error)}).`,
    );
  }
}

/** Params must be the same before and after parsing, and JSON: they are stored, shown in a form and handed to tasks. */
function flawOf(def: { readonly type: string }): string | undefined {
  if ("coerce" in def && def.coerce === true) return "z.coerce changes what was given. Use the plain type.";
  switch (def.type) {
    case "date":
      return "a Date is not JSON. Use z.iso.date() or z.iso.datetime().";
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

/** Of a JSON Schema's path, what the author called things: a name stands after `properties`. */
const names = (path: readonly (string | number)[]) =>
  path.filter((_key, at) => path[at - 1] === "properties" && path[at - 2] !== "properties");
