import type { RunStateName } from "../../server/domain/run-state";
import type { Reason } from "../../server/domain/task-instance";

/** How a run is drawn: its state, and of the failed ones those that somebody ended. */
export type RunLook = RunStateName | "cancelled";

interface Look {
  readonly word: string;
  readonly sentence: string;
}

const LOOKS: Readonly<Record<RunLook, Look>> = {
  success: { word: "Succeeded", sentence: "Every task that had to has succeeded." },
  failed: { word: "Failed", sentence: "A task failed, and nothing made up for it." },
  running: { word: "Running", sentence: "Its tasks are at work, or wait for others of this run." },
  queued: { word: "Queued", sentence: "It waits until another run of this DAG has ended." },
  cancelled: { word: "Cancelled", sentence: "Somebody ended it before it was done." },
};

export const runLook = (state: RunStateName, reason: Reason | null): RunLook =>
  state === "failed" && reason === "cancelled" ? "cancelled" : state;

export const wordOf = (look: RunLook) => LOOKS[look].word;
export const sentenceOf = (look: RunLook) => LOOKS[look].sentence;
