import { z } from "zod";

/*
 * What the loader and a child say to one another over fd 3, one JSON line each way. The child has run user code by the
 * time it answers, so its answer is a claim to be checked, not a fact.
 */
export const LoadRequest = z.strictObject({
  code: z.string(),
  sourceMap: z.string(),
  file: z.string(),
  bundlePath: z.string(),
});
export type LoadRequest = z.infer<typeof LoadRequest>;

const Found = z.strictObject({ code: z.string(), sentence: z.string(), stack: z.string() });

export const LoadAnswer = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("loaded"),
    /** `dag`: a SerializedDag, not parsed yet. `stack`: where `dag(...)` was called. */
    dags: z.array(z.strictObject({ dag: z.unknown(), stack: z.string() })).max(1_000),
    warnings: z.array(Found).max(1_000),
  }),
  z.strictObject({ kind: z.literal("failed"), error: Found }),
]);
export type LoadAnswer = z.infer<typeof LoadAnswer>;

/** The end of the child's inherited pipe. */
export const LOADER_FD = 3;

/** Exit code of a child that finds its end closed by the file it has loaded. */
export const CHANNEL_CLOSED = 97;

/** Argument of a child that is started before there is a file for it. */
export const AHEAD = "ahead";
