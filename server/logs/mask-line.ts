import { LogLine } from "./log-line";
import type { Masker } from "./mask";

/**
 * A line of JSON with its secrets masked, and nothing else of it changed: where "info" is a password, a level is no less
 * one. What is no line of ours is masked as text.
 */
export function maskLine(masker: Masker, line: string): string {
  if (masker.longest === 0) return line;
  try {
    const { t, level, source, msg, more, ...fields } = LogLine.parse(JSON.parse(line));
    const hidden = Object.entries(fields).map(([key, value]) => [masker.mask(key), hide(value, masker)]);
    const head = { t, level, source, msg: masker.mask(msg), ...(more && { more }) };
    return JSON.stringify({ ...head, ...(Object.fromEntries(hidden) as object) });
  } catch {
    return masker.mask(line);
  }
}

function hide(value: unknown, masker: Masker): unknown {
  if (typeof value === "string") return masker.mask(value);
  if (typeof value === "number") return masker.mask(String(value)) === String(value) ? value : "***";
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => hide(item, masker));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [masker.mask(key), hide(item, masker)]),
  );
}
