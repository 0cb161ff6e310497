import { z } from "zod";
import { Waiting } from "../../commands/request-command";
import { triggerChecked } from "../../commands/trigger-checked";
import { TriggerRunArguments, TriggerRunOutcome } from "../../commands/trigger-run";
import { dagProcedure } from "../trpc";

const [created, ...others] = TriggerRunOutcome.options;
/** A run's key stays inside: out there a run is its DAG and its id. */
const Answer = z.discriminatedUnion("kind", [created.omit({ runKey: true }), ...others, Waiting]);

export const trigger = dagProcedure("run.trigger")
  .input(TriggerRunArguments)
  .output(Answer)
  .mutation(({ ctx, input }) => triggerChecked(ctx.door, input));
