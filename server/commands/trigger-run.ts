import { z } from "zod";
import { DagId, RunId, RunKey } from "../domain/ids";
import { RUN_STATES } from "../domain/run-state";
import { Json } from "../domain/serialized-dag";
import { CommandKey, Expired, requestCommand, type Door, type Waiting } from "./request-command";

export const TriggerRunArguments = z.strictObject({
  dagId: DagId,
  /** Left out: `manual__<time>`, by the owner. */
  runId: RunId.exactOptional(),
  logicalDate: z.iso.datetime({ offset: true }).nullable(),
  /** Params as given; the owner fills in the defaults of the version that the run is pinned to. */
  conf: z.record(z.string(), Json),
  idempotencyKey: CommandKey,
});
export type TriggerRunArguments = z.infer<typeof TriggerRunArguments>;

export const TriggerRunOutcome = z.discriminatedUnion("kind", [
  /** `paused`: the run is there and starts once the DAG is unpaused. */
  z.object({
    kind: z.literal("created"),
    runId: RunId,
    runKey: RunKey,
    state: z.enum(RUN_STATES),
    paused: z.boolean(),
  }),
  /** A run with this id or this logical date exists, whatever made it. */
  z.object({ kind: z.literal("conflict"), runId: RunId, sentence: z.string() }),
  z.object({
    kind: z.literal("invalid_params"),
    errors: z.array(z.object({ path: z.array(z.union([z.string(), z.int()])), message: z.string() })),
  }),
  /** Deleted meanwhile, or no file defines it any more. */
  z.object({ kind: z.literal("dag_not_found") }),
  Expired,
]);
export type TriggerRunOutcome = z.infer<typeof TriggerRunOutcome>;

export function requestTrigger(door: Door, args: TriggerRunArguments): Promise<TriggerRunOutcome | Waiting> {
  return requestCommand(door, "trigger_run", args, TriggerRunOutcome);
}

/** For the owner and for a door that already sees the other run. */
export function triggerConflict(existing: {
  readonly dagId: DagId;
  readonly runId: RunId;
  readonly logicalDate: Date | null;
  readonly by: "run_id" | "logical_date";
}): Extract<TriggerRunOutcome, { kind: "conflict" }> {
  const { dagId, runId, logicalDate, by } = existing;
  const what =
    by === "logical_date" && logicalDate
      ? `${dagId} has a run for ${logicalDate.toISOString()} already: ${runId}`
      : `${dagId} has a run ${runId} already`;
  return {
    kind: "conflict",
    runId,
    sentence: `${what}. Clear its tasks to run it again, or trigger with another ${by === "run_id" ? "run id" : "logical date"}.`,
  };
}
