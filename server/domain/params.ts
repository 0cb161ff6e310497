import { z } from "zod";
import type { Json } from "./serialized-dag";

/*
 * Whether a run's conf fits the params of its DAG, by their JSON Schema alone: the DAG's own code (refinements) is asked
 * later, in a runtime. Door and owner use the same function, so what was accepted at the door stays accepted.
 */

// zod's compiled parsers construct `Function`, which is "eval" to a content security policy and to our own promise.
z.config({ jitless: true });

/** Deep enough for any honest value, and far from where a recursive walk runs out of stack. */
const MAX_DEPTH = 64;

export interface ParamError {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export type CheckedParams =
  | { readonly ok: true; readonly value: Readonly<Record<string, Json>> }
  | { readonly ok: false; readonly errors: readonly ParamError[] };

type Check = (conf: unknown) => CheckedParams;

/** Schemas come out of a parsed version and live as long as it, so that each is compiled once. */
const compiled = new WeakMap<object, Check>();

/** @param schema JSON Schema of the params object; null: the DAG takes none. The value has defaults filled in. */
export function checkParams(schema: Json, conf: unknown): CheckedParams {
  if (!isObject(schema)) return compile({ type: "object", properties: {} })(conf);
  const known = compiled.get(schema);
  if (known) return known(conf);
  const check = compileOrRefuse(schema);
  compiled.set(schema, check);
  return check(conf);
}

/** A schema that zod cannot read must not stop the pass of an owner; the loader asks first and refuses the file. */
function compileOrRefuse(schema: Readonly<Record<string, unknown>>): Check {
  try {
    return compile(schema);
  } catch (error) {
    const message = `The schema of the params cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    return () => ({ ok: false, errors: [{ path: [], message }] });
  }
}

function compile(schema: Readonly<Record<string, unknown>>): Check {
  const properties = Object.keys(isObject(schema["properties"]) ? schema["properties"] : {});
  // A plain z.object drops what it does not know. At the door that would hide a typo behind the default.
  const open = schema["additionalProperties"] !== undefined && schema["additionalProperties"] !== false;
  const parser = z.fromJSONSchema(schema);

  return (conf) => {
    const shape = errorInShape(conf, [], MAX_DEPTH);
    if (shape) return { ok: false, errors: [shape] };
    if (!isObject(conf))
      return { ok: false, errors: [{ path: [], message: "Params must be a JSON object." }] };

    const unknown = open ? [] : Object.keys(conf).filter((key) => !properties.includes(key));
    const parsed = parser.safeParse(conf);
    const errors = [
      ...unknown.map((key) => ({ path: [key], message: unknownParam(properties) })),
      ...(parsed.success ? [] : readable(parsed.error.issues, conf)),
    ];
    if (errors.length > 0 || !parsed.success) return { ok: false, errors };
    return { ok: true, value: parsed.data as Readonly<Record<string, Json>> }; // JSON in, JSON out: no transforms
  };
}

/** What no schema speaks of: keys that reach an object's prototype, depth, values that are not JSON. */
function errorInShape(
  value: unknown,
  path: readonly (string | number)[],
  depth: number,
): ParamError | undefined {
  if (depth < 0) return { path: path.slice(0, 3), message: `Nested deeper than ${MAX_DEPTH} levels.` };
  if (typeof value === "number" && !Number.isFinite(value)) {
    return { path, message: `${value} is not a number that JSON can hold.` };
  }
  if (value === null || ["string", "number", "boolean"].includes(typeof value)) return undefined;
  if (Array.isArray(value)) return firstOf(value.entries(), path, depth);
  if (isObject(value)) {
    const hostile = Object.keys(value).find((key) => key === "__proto__");
    if (hostile) return { path: [...path, hostile], message: "This key is not allowed." };
    return firstOf(Object.entries(value), path, depth);
  }
  return { path, message: `A value of type ${typeof value} is not JSON.` };
}

function firstOf(
  entries: Iterable<readonly [string | number, unknown]>,
  path: readonly (string | number)[],
  depth: number,
): ParamError | undefined {
  for (const [key, value] of entries) {
    const error = errorInShape(value, [...path, key], depth - 1);
    if (error) return error;
  }
  return undefined;
}

/** One error a place: zod's own schemas say `format` and `pattern`, and the second adds nothing for a person. */
function readable(issues: readonly z.core.$ZodIssue[], conf: unknown): ParamError[] {
  const places = new Set<string>();
  return issues.flatMap((issue) => {
    const path = issue.path.map((step) => (typeof step === "symbol" ? step.toString() : step));
    const place = JSON.stringify(path);
    if (places.has(place)) return [];
    places.add(place);
    return [{ path, message: messageOf(issue, valueAt(conf, path) === undefined) }];
  });
}

function messageOf(issue: z.core.$ZodIssue, missing: boolean): string {
  if (missing) return "Required, and has no default.";
  if (issue.code === "invalid_format" && issue.format === "date") return "Must be a date, as 2026-11-24.";
  if (issue.code === "invalid_format" && issue.format === "datetime") {
    return "Must be a date with time, as 2026-11-24T14:30:00Z.";
  }
  return `${issue.message}.`;
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (at, step) => (isObject(at) || Array.isArray(at) ? Reflect.get(at, step) : undefined),
    value,
  );
}

const unknownParam = (properties: readonly string[]) =>
  properties.length === 0
    ? "This DAG has no params."
    : `This DAG has no such param. It has: ${properties.join(", ")}.`;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
