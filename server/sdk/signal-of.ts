import { VaneError } from "../platform/errors";
import { durationMs, noDuration } from "./duration";
import { Fail, Retry, Skip } from "./signals";

/** What a throw asks for; "error" is anything that is no signal of ours. */
export type Signal =
  | { readonly kind: "skip"; readonly message: string }
  | { readonly kind: "fail" }
  | { readonly kind: "retry"; readonly afterMs: number; readonly free: boolean }
  | { readonly kind: "error" };

/** @param now what a `Retry` with a Date is counted from. */
export function signalOf(thrown: unknown, now: Date): Signal {
  if (thrown instanceof Skip) return { kind: "skip", message: thrown.message };
  if (thrown instanceof Fail) return { kind: "fail" };
  if (thrown instanceof Retry) return { kind: "retry", ...waitOf(thrown, now) };
  return { kind: "error" };
}

function waitOf({ options }: Retry, now: Date) {
  const { after, free = false } = options;
  const afterMs = after instanceof Date ? Math.max(after.getTime() - now.getTime(), 0) : durationMs(after);
  if (afterMs === undefined || Number.isNaN(afterMs)) {
    throw new VaneError("duration.invalid", `new Retry(..., { after }): ${noDuration(after)}`);
  }
  return { afterMs, free };
}
