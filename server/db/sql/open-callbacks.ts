import { z } from "zod";
import { Exec, ProcessId, type DagId } from "../../domain/ids";
import { alertFacts, FACT_COLUMNS, FACT_JOINS, FactColumns } from "./outbox-row";
import type { Statement } from "./statement";

/** Of one DAG, read at once; the rest follows when these are done. */
export const OPEN_CALLBACKS = 200;

const row = FactColumns.extend({
  ...{ state: z.enum(["pending", "sending"]), next_at: z.date() },
  ...{ exec: Exec.nullable(), lease_owner: ProcessId.nullable() },
  ...{ version: z.int(), bundle_hash: z.string(), structure_hash: z.string() },
}).transform((found) => ({
  ...alertFacts(found),
  ...{ state: found.state, nextAt: found.next_at, exec: found.exec, worker: found.lease_owner },
  ...{ version: found.version, bundleHash: found.bundle_hash, structureHash: found.structure_hash },
}));

export type CallbackRow = z.infer<typeof row>;

/** Functions that wait to be called, or that some worker has; those first, so that none of them is ever left out. */
export function openCallbacks(dagIds: readonly DagId[]): Statement<CallbackRow> {
  return {
    name: "open_callbacks",
    text: `
      select ${FACT_COLUMNS}, o.state, o.next_at, o.exec, o.lease_owner, o.version, v.bundle_hash, v.structure_hash
        from unnest($1::text[]) as d (dag_id)
       cross join lateral (
          select * from outbox
           where kind = 'function' and state in ('pending', 'sending') and dag_id = d.dag_id
           order by state desc, id
           limit ${OPEN_CALLBACKS}
       ) o ${FACT_JOINS}
        join dag_version v on v.dag_id = o.dag_id and v.number = o.version
       order by o.id`,
    values: [dagIds],
    row,
  };
}
