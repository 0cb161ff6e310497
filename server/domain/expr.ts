import type { TaskId } from "./ids";
import type { Expr, Json } from "./serialized-dag";

/** What stands behind the names in an expression. */
export interface Scope {
  readonly params: Json;
  /** A task's result; undefined when it has none. */
  value(task: TaskId): Json | undefined;
}

/** The value of an input. undefined is "not there": dropped in an object, null in a list, empty in a text. */
export function evaluate(expr: Expr, scope: Scope): Json | undefined {
  if ("lit" in expr) return expr.lit;
  if ("none" in expr) return undefined;
  if ("ref" in expr) return at(scope.value(expr.ref), expr.path ?? []);
  if ("param" in expr) return at(scope.params, expr.param);
  if ("list" in expr) return expr.list.map((item) => evaluate(item, scope) ?? null);
  if ("object" in expr) return object(expr.object, scope);
  return expr.text.map((part) => (typeof part === "string" ? part : textOf(evaluate(part, scope)))).join("");
}

/** Every task whose result the expression needs. */
export function refsOf(expr: Expr): ReadonlySet<TaskId> {
  const refs = new Set<TaskId>();
  const open: Expr[] = [expr];
  for (let next = open.pop(); next; next = open.pop()) {
    if ("ref" in next) refs.add(next.ref);
    if ("list" in next) open.push(...next.list);
    if ("object" in next) open.push(...Object.values(next.object));
    if ("text" in next) open.push(...next.text.filter((part) => typeof part !== "string"));
  }
  return refs;
}

function at(value: Json | undefined, path: readonly (string | number)[]): Json | undefined {
  return path.reduce<Json | undefined>(part, value);
}

/** Own keys only: `constructor` or `__proto__` of a value that lacks them is as missing as any other key. */
function part(value: Json | undefined, key: string | number): Json | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (isList(value)) return typeof key === "number" ? value[key] : undefined;
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** `fromEntries` defines keys; an assignment to `__proto__` would change the prototype instead. */
function object(fields: Readonly<Record<string, Expr>>, scope: Scope): Json {
  const entries: [string, Json][] = [];
  for (const [key, field] of Object.entries(fields)) {
    const value = evaluate(field, scope);
    if (value !== undefined) entries.push([key, value]);
  }
  return Object.fromEntries(entries);
}

function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
