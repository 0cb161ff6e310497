import { z } from "zod";
import type { Statement } from "../../db/sql/statement";
import type { DagId } from "../../domain/ids";

/** No file defines them any more. Runs and history stay; their owner hears of it. */
export function deactivateDags(dagIds: readonly DagId[]): Statement<unknown> {
  return {
    name: "deactivate_dags",
    text: `
      with gone as (
        update dag set active = false where dag_id = any($1) and active returning dag_id
      ), told as (
        insert into inbox (dag_id, kind, payload) select dag_id, 'active', '{"active":false}' from gone returning dag_id
      )
      select pg_notify('vane_dag', dag_id) from told`,
    values: [dagIds],
    row: z.unknown(),
  };
}
