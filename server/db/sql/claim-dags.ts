import { z } from "zod";
import { DagId, type ProcessId } from "../../domain/ids";
import { SERIALIZED_FORMAT } from "../../domain/serialized-dag";
import type { Statement } from "./statement";

/** A quarantined DAG is tried again after this: its rows may have been mended, or the scheduler be a newer one. */
const QUARANTINE_SECONDS = 60;

/**
 * DAGs (`d`) that need an owner: with a file, or with something that is not over. Quarantined ones wait for a new version
 * or until their time is over.
 */
export const NEEDS_OWNER = `
  (d.active or exists (select from dag_run r where r.dag_id = d.dag_id and r.state in ('queued', 'running'))
    or exists (select from command c where c.dag_id = d.dag_id and c.outcome is null)
    or exists (select from outbox o where o.dag_id = d.dag_id and o.kind = 'function'
                  and o.state in ('pending', 'sending')))
  and (d.quarantine is null or d.quarantined_at < clock_timestamp() - interval '${QUARANTINE_SECONDS} seconds'
    or exists (select from dag_version n where n.dag_id = d.dag_id and n.created_at > d.quarantined_at))`;

/*
 * Takes DAGs that nobody live owns, those that are due first. A live owner's are never taken: it gives them away itself.
 * The epoch comes from this very statement; read later it could be another claim's. Goes through a fenced flush.
 */
const TEXT = `
  with free as (
    select d.dag_id from dag d
     where (d.owner is null or not exists (select from process p where p.id = d.owner and not p.dead))
       and ${NEEDS_OWNER}
       and not exists (select from dag_version v where v.dag_id = d.dag_id and v.format > $3)
     order by d.next_run nulls last, d.dag_id
     limit $2
       for update skip locked
  )
  update dag d set owner = $1, owner_epoch = d.owner_epoch + 1, quarantine = null, quarantined_at = null
    from free where free.dag_id = d.dag_id
  returning d.dag_id, d.owner_epoch`;

const row = z
  .object({ dag_id: DagId, owner_epoch: z.int() })
  .transform((found) => ({ dagId: found.dag_id, epoch: found.owner_epoch }));

export type Claimed = z.infer<typeof row>;

export function claimDags(owner: ProcessId, limit: number): Statement<Claimed> {
  return { name: "claim_dags", text: TEXT, values: [owner, limit, SERIALIZED_FORMAT], row };
}

/** After a claim whose answer was lost: what it won, owner and epoch in one statement. */
export function ownedDags(owner: ProcessId): Statement<Claimed> {
  return {
    name: "owned_dags",
    text: "select dag_id, owner_epoch from dag where owner = $1",
    values: [owner],
    row,
  };
}
