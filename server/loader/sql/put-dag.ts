import { z } from "zod";
import type { Statement } from "../../db/sql/statement";
import type { DagId } from "../../domain/ids";

/*
 * New, moved to this file, or back again. `paused` counts for a new DAG only: afterwards it is people's. A DAG that comes
 * back tells its owner, if it has one, as one that goes does.
 */
const TEXT = `
  with before as (
    select active from dag where dag_id = $1
  ), put as (
    insert into dag (dag_id, file, paused) values ($1, $2, $3)
    on conflict (dag_id) do update set file = excluded.file, active = true
    returning dag_id
  ), told as (
    insert into inbox (dag_id, kind, payload)
    select dag_id, 'active', '{"active":true}' from put where exists (select from before where not active)
    returning dag_id
  )
  select pg_notify('vane_dag', dag_id) from told`;

export function putDag(dagId: DagId, file: string, paused: boolean): Statement<unknown> {
  return { name: "put_dag", text: TEXT, values: [dagId, file, paused], row: z.unknown() };
}
