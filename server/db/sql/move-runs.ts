import { z } from "zod";
import type { RunKey } from "../../domain/ids";
import type { RunProgress } from "../../domain/run-state";
import type { Statement } from "./statement";
import { jsonOrNull } from "./text";

export interface RunMove {
  readonly runKey: RunKey;
  readonly before: RunProgress;
  readonly after: RunProgress;
}

/** The one writer of run states, in the transaction of the task change that it follows from (see assert-ended.ts). */
export function moveRuns(moves: readonly RunMove[]): Statement<unknown> {
  return {
    name: "move_runs",
    text: "select vane_move_runs($1)",
    values: [JSON.stringify(moves.map(rowOf))],
    row: z.unknown(),
  };
}

const rowOf = ({ runKey, before, after }: RunMove) => ({
  run_key: runKey,
  old_state: before.state,
  old_clear: before.clearNumber,
  state: after.state,
  intent: jsonOrNull(after.intent),
  reason: after.reason,
  clear_number: after.clearNumber,
  started_at: after.startedAt,
  ended_at: after.endedAt,
  error: jsonOrNull(after.error),
});
