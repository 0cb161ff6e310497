import { z } from "zod";
import { CancelRunArguments } from "./cancel-run";
import { ClearTasksArguments } from "./clear-tasks";
import { MarkTasksArguments } from "./mark-tasks";
import { TriggerRunArguments } from "./trigger-run";

/** A row of the command table as its owner reads it. */
export const Command = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("trigger_run"), arguments: TriggerRunArguments }),
  z.object({ kind: z.literal("clear_tasks"), arguments: ClearTasksArguments }),
  z.object({ kind: z.literal("mark_tasks"), arguments: MarkTasksArguments }),
  z.object({ kind: z.literal("cancel_run"), arguments: CancelRunArguments }),
]);
export type Command = z.infer<typeof Command>;
