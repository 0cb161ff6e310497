import { z } from "zod";

/** What a trial of a connection came to, in a sentence without its secrets. */
export const TestOutcome = z.strictObject({ ok: z.boolean(), sentence: z.string() });
export type TestOutcome = z.infer<typeof TestOutcome>;
