import { z } from "zod";

/** A column that holds JSON as text, parsed. (jsonb refuses what JSON.stringify may give: \u0000, lone surrogates.) */
export const JsonText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue("This column must hold JSON.");
    return z.NEVER;
  }
});
