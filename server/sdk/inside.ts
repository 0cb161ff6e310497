import { AsyncLocalStorage } from "node:async_hooks";
import type { z } from "zod";
import type { DagId, TaskId } from "../domain/ids";
import type { ConnectionFacts, Happened, RunFacts } from "../executor/protocol";
import type { SerializedDag } from "../domain/serialized-dag";

/*
 * What loader children and runtimes see of a DAG that authors do not: the live functions behind the data. Not part of
 * the public SDK. Loader child and runtime hold one copy of it and answer `vane` and `vane/*` with it.
 */

/** Thrown while a DAG file is loaded; the loader adds the place from the stack. */
export interface LoadWarning {
  readonly code: string;
  readonly sentence: string;
  readonly stack: string;
}

export interface TaskInside {
  readonly id: TaskId;
  readonly run: (...inputs: readonly unknown[]) => unknown;
  /** true: as configured; false: fail now; a number: wait so many ms. */
  readonly retryIf?: (error: unknown, attempt: number) => boolean | number;
}

export type CallbackList = "onSuccess" | "onFailure" | "onRetry";
export type CallbackFunction = (happened: Happened) => unknown;

export interface DagInside {
  readonly id: DagId;
  readonly serialized: SerializedDag;
  readonly tasks: ReadonlyMap<TaskId, TaskInside>;
  /** Where `dag(...)` was called, for the errors of this DAG. */
  readonly stack: string;
  /** Every callback that is a function, by the position that SerializedDag gives it; `taskId` null: the DAG's own. */
  callback(taskId: TaskId | null, list: CallbackList, index: number): CallbackFunction | undefined;
  /** The whole schema, refinements included; undefined when the DAG has no params. */
  readonly params: z.ZodObject | undefined;
}

/** What stands behind `context()` while an attempt runs; the runtime makes it, the test kit has its own. */
export interface AttemptHost {
  readonly run: RunFacts;
  readonly dagId: DagId;
  readonly taskId: TaskId;
  readonly mapIndex: number;
  readonly attempt: number;
  readonly signal: AbortSignal;
  log(level: "debug" | "info" | "warn" | "error", message: string, fields?: Record<string, unknown>): void;
  connection(id: string): Promise<ConnectionFacts>;
  variable(key: string): Promise<string>;
  /** XCom beyond the result; JSON text. */
  push(key: string, json: string): void;
}

export const attemptStorage = new AsyncLocalStorage<AttemptHost>();

const dags = new WeakMap<object, DagInside>();

export function rememberDag(dag: object, inside: DagInside): void {
  dags.set(dag, inside);
}

/** The inside of what `dag(...)` returned; undefined for anything else. */
export function insideOf(value: unknown): DagInside | undefined {
  return typeof value === "object" && value !== null ? dags.get(value) : undefined;
}
