import type { Exec, ProcessId } from "./ids";
import type { RunProgress, RunState } from "./run-state";
import type { Reason, TaskInstance } from "./task-instance";

/** What the next flush writes, or does once it is durable. */
export type Decision =
  | {
      readonly kind: "move_task";
      readonly run: RunState;
      readonly at: number;
      readonly before: TaskInstance;
      readonly after: TaskInstance;
    }
  | {
      readonly kind: "move_run";
      readonly run: RunState;
      readonly before: RunProgress;
      readonly after: RunProgress;
    }
  /** An attempt is over; the row of its history is made from the task as it was. */
  | {
      readonly kind: "end_attempt";
      readonly run: RunState;
      readonly at: number;
      readonly task: TaskInstance;
      readonly state: "success" | "failed" | "skipped";
      readonly reason: Reason;
    }
  /** Results of earlier attempts go before a new one starts. */
  | { readonly kind: "forget_results"; readonly run: RunState; readonly at: number }
  | {
      readonly kind: "stop_attempt";
      readonly run: RunState;
      readonly exec: Exec;
      readonly worker: ProcessId | null;
      readonly why: Reason;
    };
