import type { RunError } from "./run-state";

interface Evidence {
  readonly error: Pick<RunError, "name" | "message"> | null;
  readonly signal: string | null;
  readonly exitCode: number | null;
}

/** An attempt's error in one line: what was thrown, or what the process died of. */
export function errorLine({ error, signal, exitCode }: Evidence): string | undefined {
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
