import { InvalidArgumentError } from "commander";
import { z } from "zod";

/** A parser for commander from a schema: it says itself which argument was wrong. */
export const as =
  <T>(schema: z.ZodType<T>) =>
  (text: string): T => {
    const parsed = schema.safeParse(text);
    if (parsed.success) return parsed.data;
    throw new InvalidArgumentError(parsed.error.issues.map(({ message }) => message).join(" "));
  };

/** For an option that may stand several times. */
export const collect = (text: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  text,
];

export const WholeNumber = z
  .string()
  .regex(/^\d{1,9}$/, "A whole number is wanted.")
  .transform(Number);

export const PositiveNumber = WholeNumber.refine((n) => n > 0, "A number above 0 is wanted.");

/** A date, or a date with time; UTC unless it names an offset. */
export const Instant = z.string().transform((text, context): Date => {
  const day = z.iso.date().safeParse(text).success;
  const time = z.iso.datetime({ offset: true, local: true }).safeParse(text).success;
  const date = new Date(day || /(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`);
  if ((day || time) && !Number.isNaN(date.getTime())) return date;
  context.addIssue(
    "A date is wanted: 2026-11-24, 2026-11-24T14:30:00Z or 2026-11-24T15:30:00+01:00 (UTC without an offset).",
  );
  return z.NEVER;
});
