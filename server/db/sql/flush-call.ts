import { z } from "zod";
import type { ProcessId } from "../../domain/ids";
import type { Statement } from "./statement";

/** Statements that `vane_flush` does as well, by name, in the order of its parameters, which is that of a flush. */
export const FLUSH_PARTS = [
  "move_runs",
  "move_tasks",
  "insert_attempts",
  "delete_xcoms",
  "write_xcoms",
  "assert_ended",
  "notify_runs",
];

const row = z.object({ now: z.date() });

/**
 * The whole flush as one call, if it has nothing but what nearly all have: a transaction of its own, without BEGIN and COMMIT.
 * Undefined otherwise: also when one statement comes twice, or in another order than the call would do them.
 */
export function flushCall(
  processId: ProcessId,
  seq: number,
  statements: readonly Statement<unknown>[],
): Statement<z.infer<typeof row>> | undefined {
  const parts: (string | null)[] = FLUSH_PARTS.map(() => null);
  let last = -1;
  for (const { name, values } of statements) {
    const at = FLUSH_PARTS.indexOf(name);
    const [value] = values;
    if (at <= last || typeof value !== "string") return undefined;
    parts[at] = value;
    last = at;
  }
  return {
    name: "flush",
    text: "select vane_flush($1, $2, $3, $4, $5, $6, $7, $8, $9) as now",
    values: [processId, seq, ...parts],
    row,
  };
}
