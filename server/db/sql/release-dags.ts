import { z } from "zod";
import type { DagId, ProcessId } from "../../domain/ids";
import type { Statement } from "./statement";

/** The owner gives DAGs away in its own flush, with nothing in flight for them; whoever claims one next wakes at once. */
export function releaseDags(
  owner: ProcessId,
  dags: readonly { readonly dagId: DagId; readonly epoch: number }[],
): Statement<unknown> {
  return {
    name: "release_dags",
    text: `
      with given as (
        update dag d set owner = null
          from unnest($2::text[], $3::bigint[]) as w (dag_id, epoch)
         where d.dag_id = w.dag_id and d.owner = $1 and d.owner_epoch = w.epoch
        returning 1
      )
      select vane_expect((select count(*) from given), cardinality($2::text[])), pg_notify('vane_dag', '*')`,
    values: [owner, dags.map(({ dagId }) => dagId), dags.map(({ epoch }) => epoch)],
    row: z.unknown(),
  };
}
