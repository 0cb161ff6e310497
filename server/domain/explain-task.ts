import { explain } from "./admit";
import type { Candidate, Verdict } from "./rules/rule";
import { isTerminal, type TaskState } from "./task-instance";

/** What "why isn't it running?" looks at: rows, nothing that is stored for this question. */
export interface TaskFacts extends Candidate {
  readonly task: {
    readonly state: TaskState;
    readonly wakeAt: Date | null;
    /** Told to end; its exit is not confirmed yet. */
    readonly ending: boolean;
    /** Why its run failed before it could start. */
    readonly because: string | null;
  };
}

export interface Explanation {
  /** The one thing to know. */
  readonly answer: string;
  /** Everything that must be true for it to start, in the order in which it is looked at. */
  readonly verdicts: readonly Verdict[];
}

export function explainTask(facts: TaskFacts): Explanation {
  const verdicts = explain(facts);
  return { answer: answerOf(facts, verdicts), verdicts };
}

function answerOf({ task }: TaskFacts, verdicts: readonly Verdict[]): string {
  const { state, wakeAt, ending, because } = task;
  if (isTerminal(state)) {
    return [`It has ended: ${state}.`, because, "Clear it to run it again."].filter(Boolean).join(" ");
  }
  switch (state) {
    case "running":
      return ending ? "It was told to end; its process has not ended yet." : "It is running.";
    case "restarting":
      return "It was cleared while it ran: it starts anew once its process has ended.";
    case "deferred":
    case "up_for_reschedule":
    case "awaiting_input":
      return `It waits (${state})${wakeAt ? ` until ${wakeAt.toISOString()} at the latest` : ""}.`;
    case "up_for_retry":
      return `It failed and tries again at ${wakeAt?.toISOString() ?? "once"}.`;
    case "none":
    case "scheduled":
    case "queued": {
      const first = verdicts.find(({ met }) => !met);
      return first?.reason ?? "Nothing stands in its way: it starts with the scheduler's next pass.";
    }
    case "success":
    case "failed":
    case "skipped":
    case "upstream_failed":
    case "removed":
      throw new Error(`${state} is terminal.`);
  }
}
