import { z } from "zod";

/** "30s", "1.5h": more than 0 and at most 400 days. */
export type Duration = `${number}${"ms" | "s" | "m" | "h" | "d"}`;

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const LONGEST_MS = 400 * 86_400_000;

/** @internal undefined: no duration. */
export function durationMs(text: unknown): number | undefined {
  const found = typeof text === "string" ? /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) : null;
  const ms = Number(found?.[1]) * (UNIT_MS[found?.[2] ?? ""] ?? NaN);
  return ms > 0 && ms <= LONGEST_MS ? ms : undefined;
}

/** @internal */
export const noDuration = (text: unknown) =>
  `${shown(text)} is no duration. Write a number and a unit, as "30s", "10m", "1.5h"; at most "400d".`;

/** @internal As authors write it; out come milliseconds. */
export const DurationMs = z.unknown().transform((text, ctx) => {
  const ms = durationMs(text);
  if (ms !== undefined) return ms;
  ctx.addIssue({ code: "custom", message: noDuration(text), params: { code: "duration.invalid" } });
  return z.NEVER;
});

const shown = (value: unknown) => (typeof value === "string" ? JSON.stringify(value) : String(value));
