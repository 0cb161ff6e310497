import { z } from "zod";
import { DagId, TaskId } from "./ids";
import { isJson, isPlain } from "./json-shape";

/*
 * A DAG as data: what the loader stores, what scheduler, API and screen read. Nothing in it can be run. Constructs that
 * come later (groups, branches, mapping, sensors, operators) are further members of `Node` and `Expr`.
 */

/** The newest format this build reads and the only one it writes. */
export const SERIALIZED_FORMAT = 1;

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export const Json = z.custom<Json>((value) => isJson(value), "This is not JSON.");

/** An input of a task, evaluated when the task is dispatched. */
export type Expr =
  | { readonly lit: Json }
  /** undefined, which JSON does not have: an optional input left out before another one. */
  | { readonly none: true }
  /** A task's result, or a part of it: `path` through null, a missing key or past the end is undefined. */
  | { readonly ref: TaskId; readonly path?: readonly (string | number)[] }
  /** The run's params: `[]` is all of them. */
  | { readonly param: readonly (string | number)[] }
  | { readonly list: readonly Expr[] }
  | { readonly object: Readonly<Record<string, Expr>> }
  | { readonly text: readonly (string | Expr)[] };

export const Expr = z.custom<Expr>((value) => isExpr(value, EXPR_DEPTH), "This is no input of a task.");

const EXPR_DEPTH = 200;

/** By hand, for the same reason as `isJson`: each dispatch is checked by the worker and by the runtime. */
function isExpr(value: unknown, depth: number): boolean {
  if (!isPlain(value) || depth === 0) return false;
  const keys = Object.keys(value);
  if (Object.hasOwn(value, "ref")) {
    const path = keys.length === 2 ? value["path"] : keys.length === 1 ? [] : undefined;
    return isPath(path) && TaskId.safeParse(value["ref"]).success;
  }
  const [kind] = keys;
  return keys.length === 1 && kind !== undefined && isOperand(kind, value[kind], depth - 1);
}

function isOperand(kind: string, operand: unknown, depth: number): boolean {
  switch (kind) {
    case "lit":
      return isJson(operand);
    case "none":
      return operand === true;
    case "param":
      return isPath(operand);
    case "list":
      return Array.isArray(operand) && operand.every((item) => isExpr(item, depth));
    case "object":
      return isPlain(operand) && Object.values(operand).every((item) => isExpr(item, depth));
    case "text":
      return (
        Array.isArray(operand) && operand.every((part) => typeof part === "string" || isExpr(part, depth))
      );
    default:
      return false;
  }
}

const isPath = (value: unknown): boolean =>
  Array.isArray(value) && value.every((step) => typeof step === "string" || Number.isInteger(step));

/** Sent by the outbox (`notifier`), or a work item for a runtime (`fn`: the position in its list). */
export const Callback = z.union([
  z.strictObject({ notifier: z.string(), options: z.record(z.string(), Json) }),
  z.strictObject({ fn: z.int() }),
]);
export type Callback = z.infer<typeof Callback>;

export const TaskSettings = z.strictObject({
  retries: z.int().min(0).default(0),
  retryDelayMs: z.number().min(0).default(300_000),
  retryBackoff: z.number().min(1).default(1),
  maxRetryDelayMs: z.number().positive().nullable().default(null),
  /** Whether the node has a `retryIf`, asked in the runtime that saw the error. */
  retryIf: z.boolean().default(false),
  lostRetries: z.int().min(0).default(2),
  timeoutMs: z.number().positive().nullable().default(null),
  isolation: z.enum(["warm", "process"]).default("warm"),
  priority: z.int().default(0),
  docs: z.string().nullable().default(null),
  displayName: z.string().nullable().default(null),
  onSuccess: z.array(Callback).default([]),
  onFailure: z.array(Callback).default([]),
  onRetry: z.array(Callback).default([]),
});
export type TaskSettings = z.infer<typeof TaskSettings>;

export const Node = z.strictObject({
  kind: z.literal("task"),
  id: TaskId,
  rule: z.literal("all_success"),
  /** Direct upstream tasks, those of `args` included. */
  after: z.array(TaskId),
  args: z.array(Expr),
  /** Names of the function's parameters as the source has them: labels for people, never used to bind. */
  parameters: z.array(z.string()),
  settings: TaskSettings,
  /** Where the author wrote it: a line of the DAG's file. */
  line: z.int().nullable(),
});
export type Node = z.infer<typeof Node>;

/** When runs are made. Presets are cron lines by the time they stand here; `once` is a single run at `start`. */
export const Schedule = z.union([
  z.null(),
  z.strictObject({ cron: z.array(z.string()).min(1) }),
  z.strictObject({ once: z.literal(true) }),
]);
export type Schedule = z.infer<typeof Schedule>;

export const DagSettings = z.strictObject({
  displayName: z.string().nullable().default(null),
  description: z.string().nullable().default(null),
  docs: z.string().nullable().default(null),
  tags: z.array(z.string()).default([]),
  owners: z.array(z.strictObject({ name: z.string(), link: z.string().nullable() })).default([]),
  /** IANA. */
  timezone: z.string().default("UTC"),
  start: z.iso.datetime().nullable().default(null),
  end: z.iso.datetime().nullable().default(null),
  /** true, false, or how far back in ms. */
  catchup: z.union([z.boolean(), z.number().positive()]).default(false),
  maxActiveRuns: z.int().min(1).default(16),
  maxActiveTasks: z.int().min(1).default(16),
  timeoutMs: z.number().positive().nullable().default(null),
  pausedOnCreation: z.boolean().default(false),
  onSuccess: z.array(Callback).default([]),
  onFailure: z.array(Callback).default([]),
});
export type DagSettings = z.infer<typeof DagSettings>;

export const SerializedDag = z.strictObject({
  format: z.literal(SERIALIZED_FORMAT),
  id: DagId,
  schedule: Schedule,
  /** JSON Schema (2020-12) of the params object; null: the DAG has none. */
  params: Json,
  /** The params' own schema checks more than `params` can say: a runtime asks it before a run's first attempt. */
  refined: z.literal(true).exactOptional(),
  nodes: z.array(Node),
  settings: DagSettings,
});
export type SerializedDag = z.infer<typeof SerializedDag>;
