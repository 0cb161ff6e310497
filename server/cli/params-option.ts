import { z } from "zod";
import { Json } from "../domain/serialized-dag";
import { VaneError } from "../platform/errors";

const JsonObject = z.record(z.string(), Json);
const Properties = z.object({ properties: z.record(z.string(), z.unknown()) });
const Typed = z.object({ type: z.union([z.string(), z.array(z.string())]) });

/**
 * `--params '{"wallet": "0xabc"}'` or `--params wallet=0xabc`, each as often as wanted; later ones win. A value after `=` is
 * JSON where that makes sense and text otherwise; for a param that is declared to be text it is always text.
 * @param schema of the DAG's params.
 */
export function parseParams(given: readonly string[], schema: Json): Readonly<Record<string, Json>> {
  return Object.fromEntries(given.flatMap((text) => entriesOf(text.trim(), schema)));
}

function entriesOf(text: string, schema: Json): [string, Json][] {
  if (text.startsWith("{")) {
    const parsed = JsonObject.safeParse(jsonOr(text, undefined));
    if (parsed.success) return Object.entries(parsed.data);
    throw wrong(`${text} is not a JSON object.`);
  }
  const at = text.indexOf("=");
  if (at < 1) throw wrong(`"${text}" is neither a JSON object nor key=value.`);
  const key = text.slice(0, at);
  const value = text.slice(at + 1);
  return [[key, isText(schema, key) ? value : Json.parse(jsonOr(value, value))]];
}

const wrong = (what: string) =>
  new VaneError("input.invalid", `${what} Write --params '{"key": "value"}' or --params key=value.`);

function isText(schema: Json, key: string): boolean {
  const properties = Properties.safeParse(schema);
  const property = Typed.safeParse(properties.data?.properties[key]);
  return property.data?.type === "string";
}

function jsonOr(text: string, other: string | undefined): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return other;
  }
}
