import type { RetryOptions } from "./task-settings";
import { durationMs } from "./duration";
import { attemptStorage } from "./inside";

/** Asks `retryIf`. A question that breaks must not change what happens: the retry is as configured, and the log says so. */
export function retryQuestion(retryIf: NonNullable<RetryOptions["retryIf"]>) {
  return (error: unknown, attempt: number): boolean | number => {
    try {
      const answer = retryIf(error, attempt);
      if (typeof answer === "boolean") return answer;
      const ms = durationMs(answer);
      if (ms !== undefined) return ms;
      warn(`retryIf answered ${JSON.stringify(answer)}, which is neither true, false nor a duration`);
    } catch (thrown) {
      warn(`retryIf threw: ${String(thrown)}`);
    }
    return true;
  };
}

const warn = (what: string) =>
  attemptStorage.getStore()?.log("warn", `${what}. The retry happens as configured.`);
