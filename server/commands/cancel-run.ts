import { z } from "zod";
import { intendRun, liveTasks } from "../domain/advance-run";
import type { Decision } from "../domain/decisions";
import { DagId, RunId } from "../domain/ids";
import type { RunState } from "../domain/run-state";
import { CommandKey, Expired, requestCommand, RunNotFound, type Door, type Waiting } from "./request-command";

export const CancelRunArguments = z.strictObject({ dagId: DagId, runId: RunId, idempotencyKey: CommandKey });
export type CancelRunArguments = z.infer<typeof CancelRunArguments>;

export const CancelRunOutcome = z.discriminatedUnion("kind", [
  /** `running` tasks were told to stop; the run ends with the last of them, at once when there are none. */
  z.object({ kind: z.literal("cancelling"), running: z.int() }),
  z.object({ kind: z.literal("already_ended"), state: z.enum(["success", "failed"]) }),
  RunNotFound,
  Expired,
]);
export type CancelRunOutcome = z.infer<typeof CancelRunOutcome>;

export function requestCancel(door: Door, args: CancelRunArguments): Promise<CancelRunOutcome | Waiting> {
  return requestCommand(door, "cancel_run", args, CancelRunOutcome);
}

/** The owner's half: pure, flushed together with the outcome. */
export function applyCancel(
  run: RunState,
  now: Date,
): { readonly outcome: CancelRunOutcome; readonly decisions: readonly Decision[] } {
  const { state } = run.progress;
  if (state === "success" || state === "failed") {
    return { outcome: { kind: "already_ended", state }, decisions: [] };
  }
  const decisions = intendRun(run, { to: "failed", reason: "cancelled" }, now);
  return { outcome: { kind: "cancelling", running: liveTasks(run).length }, decisions };
}
