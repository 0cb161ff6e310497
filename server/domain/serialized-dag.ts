import { z } from "zod";
import { DagId, TaskId } from "./ids";

/*
 * A DAG as data: what the loader stores, what scheduler, API and screen read. Nothing in it can be run. Constructs that
 * come later (groups, branches, mapping, sensors, operators) are further members of `Node` and `Expr`.
 */

/** The newest format this build reads and the only one it writes. */
export const SERIALIZED_FORMAT = 1;

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export const Json: z.ZodType<Json> = z.json();

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

const Path = z.array(z.union([z.string(), z.int()]));
export const Expr: z.ZodType<Expr> = z.lazy(() =>
  z.union([
    z.strictObject({ lit: Json }),
    z.strictObject({ none: z.literal(true) }),
    z.strictObject({ ref: TaskId, path: Path.exactOptional() }),
    z.strictObject({ param: Path }),
    z.strictObject({ list: z.array(Expr) }),
    z.strictObject({ object: z.record(z.string(), Expr) }),
    z.strictObject({ text: z.array(z.union([z.string(), Expr])) }),
  ]),
);

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
  nodes: z.array(Node),
  settings: DagSettings,
});
export type SerializedDag = z.infer<typeof SerializedDag>;
