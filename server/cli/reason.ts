import type { AttemptRow } from "../db/queries/list-attempts";
import type { RunError } from "../domain/run-state";

/** The error in one line: what was thrown, or what the process died of. */
export function errorLine({ error, signal, exitCode }: Pick<AttemptRow, "error" | "signal" | "exitCode">) {
  if (error) {
    const [first = ""] = error.message.split("\n");
    return `${error.name}: ${first}`;
  }
  if (signal !== null) return `Ended by ${signal}.`;
  return exitCode === null ? undefined : `Exit code ${exitCode}.`;
}

/** What failed a run when none of its tasks did: a sentence of ours, or what the DAG's own check threw. */
export function runErrorLine({ name, message, code }: RunError): string {
  const [first = ""] = message.split("\n");
  return code === null ? `${name}: ${first}` : first;
}
