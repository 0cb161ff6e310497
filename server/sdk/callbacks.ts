import { z } from "zod";
import type { Callback as SerializedCallback, Json } from "../domain/serialized-dag";
import type { CallbackFunction } from "./inside";

/** What a callback is told. */
export interface Happened {
  readonly event: "success" | "failure" | "retry";
  readonly dagId: string;
  readonly runId: string;
  readonly taskId?: string;
  readonly mapIndex?: number;
  readonly attempt?: number;
  readonly error?: { readonly message: string; readonly stack?: string };
  readonly durationMs?: number;
  readonly url: string;
}

/** Data, delivered also when the task was killed. A function is user code and needs a runtime. */
export interface Notifier {
  readonly notifier: string;
  readonly options: { readonly [key: string]: Json };
}
export type Callback = Notifier | ((happened: Happened) => void | Promise<void>);
export type Callbacks = Callback | readonly Callback[];

const Notifier = z.strictObject({ notifier: z.string(), options: z.record(z.string(), z.json()) });
const Fn = z.custom<CallbackFunction>((value) => typeof value === "function");
const One = z.union([Notifier, Fn], { error: "must be telegram() or a function, or a list of these" });

/** @internal One or a list, as a list. */
export const CallbackItems = z.union([One.transform((one) => [one]), z.array(One)], {
  error: "must be telegram() or a function, or a list of these",
});
/** @internal */
export type CallbackItems = z.infer<typeof CallbackItems>;

/** @internal A function is named by its position: the runtime finds it there again. */
export const serializeCallbacks = (list: CallbackItems = []): SerializedCallback[] =>
  list.map((callback, index) => (typeof callback === "function" ? { fn: index } : callback));

/** @internal */
export function functionAt(list: CallbackItems | undefined, index: number): CallbackFunction | undefined {
  const callback = list?.[index];
  return typeof callback === "function" ? callback : undefined;
}
