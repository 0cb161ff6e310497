import { z } from "zod";
import type { RunKey } from "../../domain/ids";
import type { Statement } from "./statement";

/** A payload has 8,000 bytes; beyond a few hundred runs whoever listens looks at everything it shows. */
const MAX_KEYS = 400;

/** One word a flush to everybody who shows runs: the keys of those that moved, or `*`. */
export function notifyRuns(runKeys: readonly RunKey[]): Statement<unknown> {
  return {
    name: "notify_runs",
    text: "select pg_notify('vane_run', $1)",
    values: [runKeys.length > MAX_KEYS ? "*" : runKeys.join(",")],
    row: z.unknown(),
  };
}
