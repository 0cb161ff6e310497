import { z } from "zod";
import type { RunKey } from "../../domain/ids";
import type { Statement } from "./statement";

/** Cleared runs that go on with a newer version. */
export function repinRuns(
  runs: readonly { readonly runKey: RunKey; readonly version: number }[],
): Statement<unknown> {
  return {
    name: "repin_runs",
    text: `
      with pinned as (
        update dag_run r set version = w.version
          from unnest($1::bigint[], $2::int[]) as w (run_key, version)
         where r.run_key = w.run_key
        returning 1
      )
      select vane_expect((select count(*) from pinned), cardinality($1::bigint[]))`,
    values: [runs.map(({ runKey }) => runKey), runs.map(({ version }) => version)],
    row: z.unknown(),
  };
}
