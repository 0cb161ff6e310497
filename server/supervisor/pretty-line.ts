import { z } from "zod";

const Line = z.looseObject({ level: z.number(), time: z.number(), kind: z.string(), msg: z.string() });

const LEVELS = [
  { from: 50, word: "error", colour: 31 },
  { from: 40, word: "warn", colour: 33 },
] as const;
const PLAIN = new Set(["level", "time", "kind", "msg", "pid", "name", "hostname"]);

/** A line of JSON as a person reads it; undefined for what only the log file should have. */
export function prettyLine(json: string, { colours }: { readonly colours: boolean }): string | undefined {
  const parsed = Line.safeParse(parseJson(json));
  // Not from our logger: the last words of a crash, a warning of Node's.
  if (!parsed.success) return json;
  const { level, time, kind, msg } = parsed.data;
  if (level < 30) return undefined;
  const fields = Object.entries(parsed.data).flatMap(([key, value]) =>
    !PLAIN.has(key) && isShort(value) ? [`${key}=${String(value)}`] : [],
  );
  const { word, colour } = LEVELS.find(({ from }) => level >= from) ?? { word: "", colour: 0 };
  const clock = new Date(time).toISOString().slice(11, 19);
  const text = [clock, kind.padEnd(10), ...(word ? [word] : []), msg, ...fields].join(" ");
  return colours && colour > 0 ? `\u001b[${colour}m${text}\u001b[0m` : text;
}

const isShort = (value: unknown) =>
  typeof value === "number" ||
  typeof value === "boolean" ||
  (typeof value === "string" && /^.{1,120}$/.test(value));

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
