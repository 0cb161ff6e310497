import { pauseDag, PauseDagArguments, PauseDagOutcome } from "../../commands/pause-dag";
import { dagProcedure } from "../trpc";

export const setPaused = dagProcedure("dag.pause")
  .input(PauseDagArguments)
  .output(PauseDagOutcome)
  .mutation(({ ctx, input }) => pauseDag(ctx.door, input));
