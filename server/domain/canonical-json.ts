import type { Json } from "./serialized-dag";

/** The same value gives the same text, whatever order its keys were set in. */
export function canonicalJson(value: Json): string {
  return JSON.stringify(sorted(value));
}

function sorted(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (isList(value)) return value.map(sorted);
  // Code units, not the machine's language.
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key] ?? null)]));
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
