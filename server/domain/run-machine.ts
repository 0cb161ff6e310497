/*
 * Every move a run can make, as data.
 *
 *   queued --> running --> success, failed
 *     ^  '------------------^     |
 *     '---------- clear ----------'
 */
import { hasEnded, type RunError, type RunIntent, type RunProgress, type RunStateName } from "./run-state";
import type { Reason } from "./task-instance";

export type RunEvent =
  | { readonly type: "started" }
  /** Its last task is terminal: the leaves say which end it is. */
  | {
      readonly type: "ended";
      readonly to: "success" | "failed";
      readonly reason: Reason;
      readonly error?: RunError | undefined;
    }
  | { readonly type: "intended"; readonly intent: RunIntent }
  /** At least one of its tasks was cleared. */
  | { readonly type: "cleared" };

export const RUN_MOVES = {
  queued: { started: ["running"], intended: ["queued"], ended: ["success", "failed"], cleared: ["queued"] },
  running: { ended: ["success", "failed"], intended: ["running"], cleared: ["running"] },
  success: { cleared: ["queued"] },
  failed: { cleared: ["queued"] },
} as const satisfies Record<RunStateName, { readonly [E in RunEvent["type"]]?: readonly RunStateName[] }>;

/** The run after the event, or undefined when its state knows no such move. */
export function moveRun(run: RunProgress, event: RunEvent, now: Date): RunProgress | undefined {
  const table: Record<RunStateName, { readonly [E in RunEvent["type"]]?: readonly RunStateName[] }> =
    RUN_MOVES;
  const targets = table[run.state][event.type];
  if (!targets) return undefined;

  switch (event.type) {
    case "started":
      return { ...run, state: "running", startedAt: run.startedAt ?? now };
    case "ended":
      return {
        ...{ ...run, state: event.to, reason: event.reason, error: event.error ?? null },
        ...{ intent: null, endedAt: now },
      };
    case "intended":
      return { ...run, intent: isPersonal(event.intent) ? event.intent : (run.intent ?? event.intent) };
    case "cleared":
      return hasEnded(run)
        ? { ...run, ...AGAIN, state: "queued", clearNumber: run.clearNumber + 1 }
        : { ...run, intent: null };
  }
}

/** A person's word replaces an earlier intent, a timer's never does. */
const isPersonal = ({ reason }: RunIntent) => reason === "cancelled" || reason === "marked";

const AGAIN = { intent: null, reason: null, error: null, startedAt: null, endedAt: null } as const;
