import { z } from "zod";

/** What was thrown, as the runtime reported it; a stack names lines of the TypeScript source. */
export const ErrorJson = z.strictObject({
  name: z.string(),
  message: z.string(),
  stack: z.string(),
  code: z.string().nullable(),
});
