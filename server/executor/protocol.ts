/*
 * What a scheduler and a worker say to one another: newline-delimited JSON over a socket, parsed by zod on both sides.
 *
 *   worker                                scheduler
 *   challenge {nonce}               -->
 *                                   <--   hello {process, hmac}
 *   welcome {worker, slots, ...}    -->                            a wrong hmac: the socket is closed
 *   ping {id, dags}     every 2 s   -->
 *                                   <--   holds {ping, dags}       after a commit that followed the ping: renews
 *                                   <--   dispatch {ping, items}   after the commit that made them: renews, too
 *   started, reports                -->                            reports again and again until
 *                                   <--   ack {execs}              after the commit that took them in
 *                                   <--   ask {query, execs}       inventory, of a new owner or after a broken link
 *   inventory {known, unknown}      -->                            unknown = promised never to start
 *                                   <--   end {exec}               clear, mark, cancel, timeout
 *   need_bundle, need_connection    -->
 *                                   <--   bundle, connection
 *
 * Every word about a DAG carries the owner's epoch: lower ones than the highest seen are refused (ENGINE section 2.1).
 * Renewals, kills and losses: ENGINE section 3.
 */
import { z } from "zod";
import { DagId, Exec, ProcessId, RunId, RunKey, TaskId } from "../domain/ids";
import { Expr, Json } from "../domain/serialized-dag";

/** ISO text that is a moment for Postgres, too. */
const Time = z.iso.datetime().refine((text) => Date.parse(text) >= 0, "This is no moment since 1970.");
const Epoch = z.int().min(1);
const OfDag = { dagId: DagId, epoch: Epoch };

/** What a referenced result is worth: JSON text, a file of the object store, or no result (undefined). */
export const ValueRef = z.union([
  z.strictObject({ json: z.string() }),
  z.strictObject({ reference: z.string(), bytes: z.int() }),
  z.strictObject({ none: z.literal(true) }),
]);
export type ValueRef = z.infer<typeof ValueRef>;

/** All that a runtime needs to know of a run. Dates are ISO text. */
export const RunFacts = z.strictObject({
  runKey: RunKey,
  runId: RunId,
  runType: z.enum(["scheduled", "manual", "backfill", "asset_triggered"]),
  logicalDate: z.string().nullable(),
  intervalStart: z.string(),
  intervalEnd: z.string(),
  runAfter: z.string(),
  params: z.record(z.string(), Json),
  version: z.int(),
});
export type RunFacts = z.infer<typeof RunFacts>;

const WorkBase = {
  exec: Exec,
  ...OfDag,
  run: RunFacts,
  bundleHash: z.string(),
  structureHash: z.string(),
};

/** One attempt of one task. */
export const TaskWork = z.strictObject({
  kind: z.literal("task"),
  ...WorkBase,
  taskId: TaskId,
  mapIndex: z.int(),
  attempt: z.int().min(1),
  args: z.array(Expr),
  /** By task id: every `ref` in `args`. */
  values: z.record(z.string(), ValueRef),
  isolation: z.enum(["warm", "process"]),
});
export type TaskWork = z.infer<typeof TaskWork>;

/** What a callback is told. */
export const Happened = z.strictObject({
  event: z.enum(["success", "failure", "retry"]),
  dagId: DagId,
  runId: RunId,
  taskId: TaskId.exactOptional(),
  mapIndex: z.int().exactOptional(),
  attempt: z.int().exactOptional(),
  error: z.strictObject({ message: z.string(), stack: z.string().exactOptional() }).exactOptional(),
  durationMs: z.number().exactOptional(),
  url: z.string(),
});
export type Happened = z.infer<typeof Happened>;

/** A function of a DAG file, called because something happened to a task (or, without `taskId`, to its run). */
export const CallbackWork = z.strictObject({
  kind: z.literal("callback"),
  ...WorkBase,
  taskId: TaskId.nullable(),
  list: z.enum(["onSuccess", "onFailure", "onRetry"]),
  index: z.int(),
  happened: Happened,
});
export type CallbackWork = z.infer<typeof CallbackWork>;

/** Refinements of the params schema, which are user code: run once before a run's first attempt. */
export const ParamsWork = z.strictObject({ kind: z.literal("params"), ...WorkBase });
export type ParamsWork = z.infer<typeof ParamsWork>;

export const WorkItem = z.discriminatedUnion("kind", [TaskWork, CallbackWork, ParamsWork]);
export type WorkItem = z.infer<typeof WorkItem>;

/** What went wrong, as the author should see it: the stack names lines of the TypeScript source. */
export const ErrorFacts = z.strictObject({
  name: z.string(),
  message: z.string(),
  stack: z.string(),
  /** Ours, where Vane itself found the fault: `result.not_json`, `result.too_big`, `runtime.exited`, `params.invalid`. */
  code: z.string().nullable(),
});
export type ErrorFacts = z.infer<typeof ErrorFacts>;

/** How user code came back. */
export const Came = z.discriminatedUnion("kind", [
  /** `result` undefined: the function returned nothing. */
  z.strictObject({ kind: z.literal("returned"), result: ValueRef, pushed: z.record(z.string(), ValueRef) }),
  z.strictObject({ kind: z.literal("skipped"), message: z.string() }),
  /** `retryable`: false after Fail or a `retryIf` that said no; `retryDelayMs`: what `retryIf` asked for. */
  z.strictObject({
    kind: z.literal("failed"),
    error: ErrorFacts,
    retryable: z.boolean(),
    retryDelayMs: z.number().nullable(),
  }),
  z.strictObject({
    kind: z.literal("retry"),
    error: ErrorFacts,
    afterMs: z.number().min(0),
    free: z.boolean(),
  }),
]);
export type Came = z.infer<typeof Came>;

const Outcome = z.discriminatedUnion("kind", [
  ...Came.options,
  /** The runtime is gone and its group with it, without a result: by its own doing, or because it was told to end. */
  z.strictObject({
    kind: z.literal("exited"),
    exitCode: z.int32().nullable(),
    signal: z.string().nullable(),
    /** A sentence: who ended it, how much memory it had, what it last said. */
    evidence: z.string(),
  }),
  /** Ended by its worker because no scheduler had spoken for its DAG for too long: as if the worker were lost. */
  z.strictObject({ kind: z.literal("lost"), evidence: z.string() }),
  /** A planned stop of the worker; costs no budget. */
  z.strictObject({ kind: z.literal("interrupted") }),
  /** The worker has never started it and never will. */
  z.strictObject({ kind: z.literal("never_started"), why: z.string() }),
]);
export type Outcome = z.infer<typeof Outcome>;

export const Report = z.strictObject({
  ...OfDag,
  exec: Exec,
  outcome: Outcome,
  /** By the worker's clock; null if it never started. */
  startedAt: Time.nullable(),
  endedAt: Time,
  /** Monotonic. */
  durationMs: z.number().min(0).nullable(),
  pid: z.int32().nullable(),
  logBytes: z.int().min(0),
  logTruncated: z.boolean(),
});
export type Report = z.infer<typeof Report>;

export const FromWorker = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("challenge"), nonce: z.string() }),
  z.strictObject({
    type: z.literal("welcome"),
    worker: ProcessId,
    host: z.string(),
    bootId: z.string(),
    pidNamespace: z.string(),
    pid: z.int(),
    pidStart: z.string(),
    slots: z.int().min(1),
  }),
  /** Sent every 2 s, and at once after `welcome`. `dags`: those it has attempts of. */
  z.strictObject({ type: z.literal("ping"), id: z.int(), dags: z.array(DagId), sockets: z.int() }),
  /** How many attempts it takes at once from this scheduler: running and waiting ones. */
  z.strictObject({ type: z.literal("credit"), attempts: z.int().min(0) }),
  z.strictObject({ type: z.literal("started"), exec: Exec, at: Time, pid: z.int() }),
  z.strictObject({ type: z.literal("reports"), reports: z.array(Report) }),
  z.strictObject({
    type: z.literal("inventory"),
    query: z.int(),
    known: z.array(Exec),
    unknown: z.array(Exec),
  }),
  z.strictObject({ type: z.literal("need_bundle"), hash: z.string() }),
  z.strictObject({ type: z.literal("need_connection"), query: z.int(), exec: Exec, id: z.string() }),
  z.strictObject({ type: z.literal("need_variable"), query: z.int(), exec: Exec, key: z.string() }),
  z.strictObject({ type: z.literal("goodbye") }),
]);
export type FromWorker = z.infer<typeof FromWorker>;

/** A resolved connection. Every value of `secrets` is masked in what the attempt writes. */
export const ConnectionFacts = z.strictObject({
  kind: z.string(),
  url: z.string(),
  host: z.string().nullable(),
  port: z.int().nullable(),
  login: z.string().nullable(),
  schema: z.string().nullable(),
  extra: z.record(z.string(), Json),
  secrets: z.record(z.string(), z.string()),
});
export type ConnectionFacts = z.infer<typeof ConnectionFacts>;

const Refused = z.strictObject({ refused: z.string() });

export const FromScheduler = z.discriminatedUnion("type", [
  /** `hmac`: of the nonce and the process id, by the install key, hex SHA-256. */
  z.strictObject({ type: z.literal("hello"), process: ProcessId, hmac: z.string() }),
  /** The answer to a ping: every DAG this scheduler holds, as of a commit that came after the ping. */
  z.strictObject({ type: z.literal("holds"), ping: z.int(), dags: z.array(z.tuple([DagId, Epoch])) }),
  /** After the commit that made them; `ping`: the last one that had arrived when that flush was sent, 0 if none. */
  z.strictObject({ type: z.literal("dispatch"), ping: z.int(), items: z.array(WorkItem) }),
  z.strictObject({ type: z.literal("ack"), reports: z.array(z.strictObject({ ...OfDag, exec: Exec })) }),
  z.strictObject({ type: z.literal("ask"), query: z.int(), ...OfDag, execs: z.array(Exec) }),
  z.strictObject({ type: z.literal("end"), ...OfDag, exec: Exec, why: z.string() }),
  z.strictObject({
    type: z.literal("bundle"),
    hash: z.string(),
    found: z.strictObject({ code: z.string(), sourceMap: z.string(), file: z.string() }).nullable(),
  }),
  z.strictObject({
    type: z.literal("connection"),
    query: z.int(),
    answer: z.union([ConnectionFacts, Refused]),
  }),
  z.strictObject({
    type: z.literal("variable"),
    query: z.int(),
    answer: z.union([z.strictObject({ value: z.string() }), Refused]),
  }),
]);
export type FromScheduler = z.infer<typeof FromScheduler>;
