import { isLive, isTerminal, TASK_STATES, type TaskState } from "../../domain/task-instance";
import { sqlError, type Row, type TableName } from "./rows";

const isState = (value: unknown): value is TaskState => TASK_STATES.some((state) => state === value);

/** The checks of the migration that the engine could run into. */
export function checkConstraints(table: TableName, row: Row): void {
  const failed = table === "task_instance" ? checkTask(row) : table === "dag_run" ? checkRun(row) : undefined;
  if (failed) throw sqlError("23514", `${table} violates ${failed}: ${JSON.stringify(row)}`, failed);
}

function checkTask({ state, exec, intent, reason, ...row }: Row): string | undefined {
  if (!isState(state)) return "known_state";
  if ((exec !== null) !== isLive(state)) return "exec_in_live_states";
  if (intent !== null && state !== "running") return "intent_while_running";
  if (isTerminal(state) && reason === null) return "reason_when_terminal";
  const left = ["left_retry", "left_lost", "left_interrupted", "left_queue_timeout"].map((name) => row[name]);
  return left.every((count) => Number(count) >= 0) ? undefined : "budgets_left";
}

function checkRun({ state, reason, ended_at: endedAt }: Row): string | undefined {
  if ((endedAt !== null) !== (state === "success" || state === "failed")) return "ended_when_terminal";
  return state === "failed" && reason === null ? "failed_has_reason" : undefined;
}
