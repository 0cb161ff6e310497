import type { AttemptRow } from "../db/queries/list-attempts";

/** The error in one line: what was thrown, or what the process died of. */
export function errorLine({ error, signal, exitCode }: Pick<AttemptRow, "error" | "signal" | "exitCode">) {
  if (error) {
    const [first = ""] = error.message.split("\n");
    return `${error.name}: ${first}`;
  }
  if (signal !== null) return `Ended by ${signal}.`;
  return exitCode === null ? undefined : `Exit code ${exitCode}.`;
}
