import type { Graph } from "./graph";
import type { DagId, RunId, RunKey } from "./ids";
import type { Json, Node } from "./serialized-dag";
import type { CancelReason } from "./task-events";
import { isTerminal, type Budget, type Reason, type RetryPolicy } from "./task-instance";
import type { TaskInstance, TaskState } from "./task-instance";

export const RUN_STATES = ["queued", "running", "success", "failed"] as const;
export type RunStateName = (typeof RUN_STATES)[number];

export const RUN_TYPES = ["scheduled", "manual", "backfill", "asset_triggered"] as const;
export type RunType = (typeof RUN_TYPES)[number];

/** What was asked of a whole run: its live tasks are ending, and with the last of them it is settled. */
export interface RunIntent {
  readonly to: "success" | "failed";
  readonly reason: CancelReason | "marked";
  readonly error?: RunError | undefined;
}

/** What failed a run when no attempt did; as an attempt's row has it of its own error. */
export interface RunError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly code: string | null;
}

/** What never changes about a run. */
export interface RunHead {
  readonly runKey: RunKey;
  readonly dagId: DagId;
  readonly runId: RunId;
  readonly type: RunType;
  readonly logicalDate: Date | null;
  readonly intervalStart: Date;
  readonly intervalEnd: Date;
  readonly runAfter: Date;
  readonly conf: Readonly<Record<string, Json>>;
  readonly version: number;
  readonly triggeredBy: string;
  readonly queuedAt: Date;
}

/** What does. */
export interface RunProgress {
  readonly state: RunStateName;
  readonly intent: RunIntent | null;
  readonly reason: Reason | null;
  /** Of a run that failed by itself: params that do not fit. Null where a task's attempt tells. */
  readonly error: RunError | null;
  readonly clearNumber: number;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
}

/**
 * One run as its owner holds it: the rows, and counters over them that make a completion cost O(out-degree) instead of
 * a scan. It is the owner's working copy: only `advance-run.ts` moves it, and what moved is returned as decisions.
 */
export interface RunState {
  readonly head: RunHead;
  readonly graph: Graph;
  progress: RunProgress;
  /** By the node's position in the graph. */
  readonly tasks: TaskInstance[];
  /** By position: the direct upstream tasks that have not succeeded, by what that means for all_success. */
  readonly blocks: Blocks[];
  /** Tasks that are not terminal. */
  open: number;
  /** Of these, the ones for which somebody will act: scheduled, live, or waiting for an instant or an answer. */
  active: number;
}

export type Blocks = Record<"unfinished" | "failed" | "skipped", number>;

/** How a task in this state keeps the next one from starting; undefined when it does not. */
export function blockOf(state: TaskState): keyof Blocks | undefined {
  switch (state) {
    case "success":
      return undefined;
    case "failed":
    case "upstream_failed":
      return "failed";
    case "skipped":
    case "removed":
      return "skipped";
    case "none":
    case "scheduled":
    case "queued":
    case "running":
    case "restarting":
    case "up_for_retry":
    case "up_for_reschedule":
    case "deferred":
    case "awaiting_input":
      return "unfinished";
  }
}

export function newTasks({ nodes }: Graph): TaskInstance[] {
  return nodes.map((node) => {
    const policy = policyOf(node);
    const times = { wakeAt: null, scheduledAt: null, dispatchedAt: null, startedAt: null, endedAt: null };
    return {
      ...{ taskId: node.id, mapIndex: -1, state: "none", attempt: 1, exec: null, worker: null, intent: null },
      ...{ ...times, reason: null, left: policy.allowed, policy },
    };
  });
}

/** Builds the counters; `tasks` in the order of the graph's nodes. */
export function runState(
  head: RunHead,
  progress: RunProgress,
  graph: Graph,
  tasks: TaskInstance[],
): RunState {
  const blocks = graph.upstream.map((above) => {
    const counted: Blocks = { unfinished: 0, failed: 0, skipped: 0 };
    for (const up of above) {
      const block = blockOf(tasks[up]?.state ?? "none");
      if (block) counted[block] += 1;
    }
    return counted;
  });
  const open = tasks.filter((task) => !isTerminal(task.state));
  const active = open.filter((task) => task.state !== "none").length;
  return { head, graph, progress, tasks, blocks, open: open.length, active };
}

const policies = new WeakMap<Node, RetryPolicy>();

/** How often interrupted attempts and unclaimed messages are repeated (ENGINE sections 3.4 and 5). */
const INTERRUPTIONS = 10;
const QUEUE_TIMEOUTS = 3;

export function policyOf(node: Node): RetryPolicy {
  const known = policies.get(node);
  if (known) return known;
  const { retries, lostRetries, retryDelayMs, retryBackoff, maxRetryDelayMs } = node.settings;
  const allowed: Budget = {
    ...{ retry: retries, lost: lostRetries },
    ...{ interrupted: INTERRUPTIONS, queue_timeout: QUEUE_TIMEOUTS },
  };
  const policy = { allowed, delayMs: retryDelayMs, backoff: retryBackoff, maxDelayMs: maxRetryDelayMs };
  policies.set(node, policy);
  return policy;
}

export const hasEnded = ({ state }: RunProgress) => state === "success" || state === "failed";
