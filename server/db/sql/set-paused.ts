import { z } from "zod";
import type { DagId } from "../../domain/ids";
import type { Actor } from "./audit";
import type { Statement } from "./statement";

/*
 * People's column, so the door writes it; the owner is told through its inbox, in the same transaction. Each pause has a
 * row of its own: one that was read and not yet deleted must not swallow the next. No row: no such DAG.
 */
const TEXT = `
  with before as (
    select dag_id, paused from dag where dag_id = $1 for update
  ), changed as (
    update dag d set paused = $2 from before b where d.dag_id = b.dag_id and b.paused <> $2 returning d.dag_id
  ), told as (
    insert into inbox (dag_id, kind, dedupe_key) select dag_id, 'paused', 'paused:' || $3 || ':' || $4 from changed
    on conflict (dedupe_key) do nothing
  ), noted as (
    insert into audit_event (principal, action, subject, address)
    select $3, case when $2 then 'dag.paused' else 'dag.unpaused' end, dag_id, $5 from changed
  )
  select b.paused as was_paused, (select pg_notify('vane_dag', dag_id) from changed) from before b`;

const row = z.object({ was_paused: z.boolean() }).transform(({ was_paused }) => ({ wasPaused: was_paused }));

interface Pause {
  readonly dagId: DagId;
  readonly paused: boolean;
  readonly by: Actor;
  /** One for each intention of that principal. */
  readonly key: string;
}

export function setPaused({ dagId, paused, by, key }: Pause): Statement<z.infer<typeof row>> {
  return {
    name: "set_paused",
    text: TEXT,
    values: [dagId, paused, by.principal, key, by.address ?? null],
    row,
  };
}
