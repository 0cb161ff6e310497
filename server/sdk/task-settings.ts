import { z } from "zod";
import { TaskSettings as SerializedSettings } from "../domain/serialized-dag";
import { CallbackItems, serializeCallbacks, type Callbacks } from "./callbacks";
import { DurationMs, type Duration } from "./duration";

export interface RetryOptions {
  /** Attempts after the first. Default 0. */
  retries?: number;
  /** Wait before the next attempt; default 5m. */
  retryDelay?: Duration;
  /** Each wait is the one before times this; 1 = constant (default). */
  retryBackoff?: number;
  maxRetryDelay?: Duration;
  /**
   * Asked in the runtime after a failed attempt that has retries left: true = as above, false = fail now, a Duration =
   * wait that long. Must be fast and must not throw.
   */
  retryIf?: (error: unknown, attempt: number) => boolean | Duration;
  /** Lost attempts (kill -9, power) that may be repeated, apart from `retries`. Default 2; 0 = must never start twice. */
  lostRetries?: number;
}

/** Everything about a task but its id and function. Also the shape of a DAG's `defaults`. */
export interface TaskSettings extends RetryOptions {
  /** Of one attempt. */
  timeout?: Duration;
  /** "process": a fresh process for each attempt. */
  isolation?: "warm" | "process";
  docs?: string;
  displayName?: string;
  onSuccess?: Callbacks;
  onFailure?: Callbacks;
  onRetry?: Callbacks;
}

export interface TaskOptions extends TaskSettings {
  id: string;
  /** It runs when all tasks before it have succeeded. */
  triggerRule?: "all_success";
}

type RetryIf = NonNullable<RetryOptions["retryIf"]>;

const fields = {
  retries: z.int().min(0).max(1_000),
  retryDelay: DurationMs,
  retryBackoff: z.number().min(1).max(100),
  maxRetryDelay: DurationMs,
  retryIf: z.custom<RetryIf>((value) => typeof value === "function", "must be a function"),
  lostRetries: z.int().min(0).max(1_000),
  timeout: DurationMs,
  isolation: z.enum(["warm", "process"]),
  docs: z.string(),
  displayName: z.string(),
  onSuccess: CallbackItems,
  onFailure: CallbackItems,
  onRetry: CallbackItems,
};

/** @internal What an author may write beside a task. Missing stays missing, so that `defaults` can fill it. */
export const Settings = z.strictObject(fields).partial();
/** @internal Durations are in ms. */
export type Settings = z.infer<typeof Settings>;

/** @internal */
export function serializeSettings(settings: Settings): SerializedSettings {
  const { retryDelay, maxRetryDelay, retryIf, timeout, onSuccess, onFailure, onRetry, ...same } = settings;
  return SerializedSettings.parse({
    ...same,
    retryDelayMs: retryDelay,
    maxRetryDelayMs: maxRetryDelay,
    retryIf: retryIf !== undefined,
    timeoutMs: timeout,
    onSuccess: serializeCallbacks(onSuccess),
    onFailure: serializeCallbacks(onFailure),
    onRetry: serializeCallbacks(onRetry),
  });
}
