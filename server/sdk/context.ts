import { createHash } from "node:crypto";
import type { z } from "zod";
import type { Json } from "../domain/serialized-dag";
import { VaneError } from "../platform/errors";
import { connectionOf, expectKind, type Connection, type ConnectionKind } from "./connection";
import { attemptStorage, type AttemptHost } from "./inside";
import type { Out } from "./params";
import { resultText } from "./result-text";

export type Log = Readonly<
  Record<"debug" | "info" | "warn" | "error", (message: string, fields?: Record<string, unknown>) => void>
>;

export interface Context<P = Readonly<Record<string, unknown>>> {
  readonly dagId: string;
  readonly runId: string;
  readonly taskId: string;
  readonly mapIndex: number;
  /** From 1. */
  readonly attempt: number;
  readonly runType: "scheduled" | "manual" | "backfill" | "asset_triggered";
  /** A scheduled run's tick. null for runs without one (manual ones, unless given). */
  readonly logicalDate: Date | null;
  /**
   * Half open: start <= x < end. Scheduled: [tick before, tick). By hand: the last complete interval at
   * `logicalDate ?? runAfter`; a DAG without ticks: both ends = `runAfter`.
   */
  readonly dataInterval: { readonly start: Date; readonly end: Date };
  readonly runAfter: Date;
  readonly params: P;
  /** The same in every attempt of this instance, other in every other: an idempotency key for calls outside. */
  readonly key: string;
  readonly log: Log;
  /** Aborted on cancel and timeout; after the grace period the process is killed. */
  readonly signal: AbortSignal;
  connection(id: string): Promise<Connection>;
  connection<K extends ConnectionKind>(id: string, kind: K): Promise<Connection<K>>;
  variable(key: string): Promise<string>;
  /** XCom beyond the result. */
  push(key: string, value: Json): Promise<void>;
}

/** The current attempt; throws `context.outside_task` elsewhere. With the DAG's schema, params are parsed and typed. */
export function context(): Context;
export function context<S extends z.ZodObject>(params: S): Context<Out<S>>;
export function context(schema?: z.ZodObject): Context {
  const host = currentHost("context()");
  return contextOf(host, schema ? parsedParams(schema, host) : host.run.params);
}

/** @internal @param what the author called, for the error. */
export function currentHost(what: string): AttemptHost {
  const host = attemptStorage.getStore();
  if (host) return host;
  throw new VaneError(
    "context.outside_task",
    `${what} was called outside of a running task. Call it in a task's function, or in what that calls.`,
  );
}

function contextOf(host: AttemptHost, params: Context["params"]): Context {
  const { run, dagId, taskId, mapIndex, attempt } = host;
  const { runId, runType, logicalDate, intervalStart, intervalEnd, runAfter } = run;

  async function connection(id: string): Promise<Connection>;
  async function connection<K extends ConnectionKind>(id: string, kind: K): Promise<Connection<K>>;
  async function connection(id: string, kind?: ConnectionKind): Promise<Connection> {
    const found = connectionOf(id, await host.connection(id));
    return kind === undefined ? found : expectKind(id, found, kind);
  }

  return {
    ...{ dagId, runId, taskId, mapIndex, attempt, runType, params, connection },
    // Only when asked for: who has looked at the signal gets the time to follow it, and a key costs a hash.
    get signal() {
      return host.signal;
    },
    get key() {
      return instanceKey(host);
    },
    logicalDate: logicalDate === null ? null : new Date(logicalDate),
    dataInterval: { start: new Date(intervalStart), end: new Date(intervalEnd) },
    runAfter: new Date(runAfter),
    log: logOf(host),
    variable: (key) => host.variable(key),
    push: async (key, value) => {
      const json = resultText(`${taskId} (push of ${JSON.stringify(key)})`, value);
      if (json !== undefined) host.push(key, json);
      return Promise.resolve();
    },
  };
}

function logOf(host: AttemptHost): Log {
  const at =
    (level: keyof Log) =>
    (message: string, fields?: Record<string, unknown>): void => {
      host.log(level, message, fields);
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** A hash: ids may be 650 characters together, and headers for such keys take 255. */
const instanceKey = ({ dagId, run, taskId, mapIndex }: AttemptHost) =>
  createHash("sha256")
    .update(JSON.stringify([dagId, run.runKey, run.runId, taskId, mapIndex]))
    .digest("hex")
    .slice(0, 40);

function parsedParams(schema: z.ZodObject, { dagId, run }: AttemptHost): Context["params"] {
  const parsed = schema.safeParse(run.params);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const place = ["params", ...(issue?.path ?? [])].join(".");
  throw new VaneError(
    "params.invalid",
    `The params of this run of ${dagId} do not fit the schema given to context(): ${place}: ${issue?.message ?? ""}.`,
  );
}
