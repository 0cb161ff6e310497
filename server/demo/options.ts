import { z } from "zod";

/** What the supervisor tells the demo's process. */
export const DemoOptions = z.strictObject({
  logLevel: z.string(),
  /** Chosen by the supervisor, who has told the others: the same one after a restart. */
  port: z.int(),
  /** Where the sink keeps messages. */
  folder: z.string(),
  /** Of the bot that the sink knows. */
  token: z.string(),
  /** Decides which of the market's answers are faulty. */
  seed: z.int(),
});
export type DemoOptions = z.infer<typeof DemoOptions>;
