import type { TaskId } from "../domain/ids";
import type { Expr } from "../domain/serialized-dag";
import type { Graph } from "./graph";
import { loadError, placeOf } from "./place";

declare const phantom: unique symbol;

/** What `before`, `after` and `chain` take. */
export interface Orderable {
  readonly id: string;
  /** Order without data, to one or several. */
  before(...next: Orderable[]): void;
  after(...previous: Orderable[]): void;
}

/**
 * A value that exists when the run gets there. It has none while the graph is built: `${handle}`, JSON and arithmetic
 * on it throw `handle.used_as_value`.
 */
export interface Handle<out T> extends Orderable {
  readonly [phantom]: T;
  /** A part of the value; through null, a missing key or past the end it is undefined. */
  at<V, const K extends KeyOf<V>>(this: Handle<V>, key: K): Handle<Part<V, K>>;
}

type KeyOf<T> = T extends readonly unknown[] ? number : T extends object ? keyof T & string : never;
type Part<T, K> = T extends readonly unknown[]
  ? number extends T["length"]
    ? T[number] | undefined
    : `${K & number}` extends keyof T
      ? T[K & keyof T]
      : undefined
  : K extends keyof T
    ? T[K]
    : undefined;

/** The data behind a handle. */
interface HandleInside {
  readonly graph: Graph;
  readonly expr: Expr;
  /** The task whose result it is; undefined for params and texts. */
  readonly task?: TaskId;
}

const insides = new WeakMap<object, HandleInside>();

/** @internal */
export const handleInside = (value: unknown): HandleInside | undefined =>
  typeof value === "object" && value !== null ? insides.get(value) : undefined;

/** @internal */
export function makeHandle<T>(inside: HandleInside, id: string): Handle<T> {
  const before = (...next: Orderable[]): void => {
    for (const later of next) putInOrder(handle, later, before);
  };
  const after = (...previous: Orderable[]): void => {
    for (const earlier of previous) putInOrder(earlier, handle, after);
  };
  const at = (key: string | number) => makeHandle({ ...inside, expr: partOf(inside.expr, key) }, id);
  const handle = { id, before, after, at };
  // T exists for the compiler only.
  return standFor(handle, inside, id) as unknown as Handle<T>;
}

/** @internal Lets a value stand for an expression. All that it is good for is to be given on. */
export function standFor<T extends object>(value: T, inside: HandleInside, id: string): T {
  insides.set(value, inside);
  for (const use of [Symbol.toPrimitive, Symbol.iterator, "toJSON"]) {
    Object.defineProperty(value, use, {
      value: function refuse() {
        throw loadError(
          "handle.used_as_value",
          `${id} has no value while the graph is built. Give it to a task, take a part of it with .at("key"), ` +
            "or put it into a text`...` template.",
          placeOf(refuse),
        );
      },
    });
  }
  return value;
}

/** Only results and params have parts that a type can name; a text is whole. */
function partOf(expr: Expr, key: string | number): Expr {
  if ("ref" in expr) return { ref: expr.ref, path: [...(expr.path ?? []), key] };
  return { param: ["param" in expr ? expr.param : [], key].flat() };
}

/** @internal @param entry what the author called to put one task before another. */
export function putInOrder(earlier: Orderable, later: Orderable, entry: (...nodes: never[]) => void): void {
  const place = placeOf(entry);
  const [first, second] = [taskOf(earlier), taskOf(later)];
  if (!first || !second) {
    throw loadError(
      "handle.no_order",
      "Only results of tasks can be put in order: params and texts are there before the first task.",
      place,
    );
  }
  if (first.graph !== second.graph) {
    throw loadError(
      "handle.other_dag",
      `${first.task} is a task of DAG ${first.graph.dagId}, ${second.task} one of DAG ${second.graph.dagId}. ` +
        "Order holds within one DAG.",
      place,
    );
  }
  second.graph.nodes.get(second.task)?.after.set(first.task, place);
}

function taskOf(node: Orderable) {
  const inside = handleInside(node);
  return inside?.task === undefined ? undefined : { graph: inside.graph, task: inside.task };
}
