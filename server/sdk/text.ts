import type { Expr } from "../domain/serialized-dag";
import { currentGraph } from "./graph";
import { makeHandle, type Handle } from "./handle";
import type { Input } from "./input";
import { loadError, placeOf } from "./place";
import { toExpr } from "./to-expr";

/** A typed template: text`/wallets/${params.wallet}`. What is missing when the run gets there is left out. */
export function text(
  parts: TemplateStringsArray,
  ...values: Input<string | number | boolean>[]
): Handle<string> {
  const place = placeOf(text);
  const graph = currentGraph();
  if (!graph) {
    throw loadError("task.outside_dag", "text`...` stands outside of a dag() body. Use it inside.", place);
  }
  const written = parts.flatMap((part, index): (string | Expr)[] => {
    const value = values[index];
    if (index >= values.length) return [part];
    if (typeof value !== "object") return [part, String(value)];
    return [part, toExpr(value, { graph, name: `value ${index + 1} of the text`, place, path: [] })];
  });
  return makeHandle({ graph, expr: { text: joined(written) } }, "text`...`");
}

/** Neighbouring strings become one, empty ones go. */
function joined(parts: readonly (string | Expr)[]): (string | Expr)[] {
  return parts.reduce<(string | Expr)[]>((done, part) => {
    const last = done.at(-1);
    if (typeof part !== "string") return [...done, part];
    if (typeof last === "string") return [...done.slice(0, -1), last + part];
    return part === "" ? done : [...done, part];
  }, []);
}
