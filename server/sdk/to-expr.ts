import type { Expr, Json } from "../domain/serialized-dag";
import type { Graph } from "./graph";
import { handleInside } from "./handle";
import { flawOf, pathText } from "./not-json";
import { loadError, type Place } from "./place";

/** An input nested deeper is a mistake; results may be deeper. */
const MAX_DEPTH = 64;

interface At {
  readonly graph: Graph;
  /** "input 1 of save_locks" */
  readonly name: string;
  readonly place: Place;
  readonly path: readonly (string | number)[];
}

/** An input of a task as data: handles become references, all else must be JSON. */
export function toExpr(value: unknown, at: At): Expr {
  if (value === undefined) return { none: true };
  const handle = handleInside(value);
  if (handle) {
    if (handle.graph === at.graph) return handle.expr;
    throw loadError(
      "handle.other_dag",
      `${described(at)} comes from DAG ${handle.graph.dagId}. A DAG sees the results of its own tasks only.`,
      at.place,
    );
  }
  if (typeof value === "function") throw notJson(at, functionWhy(value));
  const why = flawOf(value);
  if (why) throw notJson(at, why);
  if (at.path.length >= MAX_DEPTH) throw notJson(at, `it is nested deeper than ${MAX_DEPTH} levels`);
  if (Array.isArray(value)) return listExpr(value, at);
  if (typeof value === "object" && value !== null) return objectExpr(value, at);
  return { lit: value as Json }; // flawOf left only JSON's own kinds
}

function listExpr(items: readonly unknown[], at: At): Expr {
  const list = Array.from(items, (item, index) => {
    const inside = { ...at, path: [...at.path, index] };
    if (item === undefined) throw notJson(inside, "undefined in a list becomes null: use null");
    return toExpr(item, inside);
  });
  return list.every(isLiteral) ? { lit: list.map(({ lit }) => lit) } : { list };
}

function objectExpr(value: object, at: At): Expr {
  const fields = Object.entries(value).flatMap(([key, item]: [string, unknown]) => {
    const inside = { ...at, path: [...at.path, key] };
    if (key === "__proto__") throw notJson(inside, "this key would get lost on the way");
    return item === undefined ? [] : [[key, toExpr(item, inside)] as const];
  });
  const literals = fields.flatMap(([key, expr]) => (isLiteral(expr) ? [[key, expr.lit] as const] : []));
  const whole = literals.length === fields.length;
  return whole ? { lit: Object.fromEntries(literals) } : { object: Object.fromEntries(fields) };
}

const isLiteral = (expr: Expr): expr is { readonly lit: Json } => "lit" in expr;

const functionWhy = (value: object) =>
  "run" in value && "as" in value
    ? "it is a task, not a task's result: call it"
    : "a function cannot be given to a task";

const notJson = (at: At, why: string) => loadError("input.not_json", `${described(at)}: ${why}.`, at.place);

const described = ({ name, path }: At) => (path.length > 0 ? `${name}, at ${pathText(path)}` : name);
