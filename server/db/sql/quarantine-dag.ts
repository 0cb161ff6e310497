import { z } from "zod";
import type { DagId, ProcessId } from "../../domain/ids";
import type { Statement } from "./statement";
import { storableText } from "./text";

/**
 * The owner gives up a DAG that it can do nothing with, and says why: in its row, and to those whose commands wait. One that
 * is not this owner's any more is left alone. Nothing of it may be in flight.
 */
export function quarantineDag(
  owner: ProcessId,
  dagId: DagId,
  epoch: number,
  reason: string,
): Statement<unknown> {
  const sentence = `${dagId} is in quarantine, so nothing was done: ${reason}`;
  return {
    name: "quarantine_dag",
    text: `
      with given as (
        update dag set owner = null, quarantine = $4, quarantined_at = clock_timestamp()
         where dag_id = $2 and owner = $1 and owner_epoch = $3
        returning dag_id
      ), answered as (
        update command c set outcome = $5, answered_at = now()
          from given where c.dag_id = given.dag_id and c.outcome is null
        returning c.id
      )
      select pg_notify('vane_answer', '*') from answered limit 1`,
    values: [
      ...[owner, dagId, epoch, storableText(reason)],
      storableText(JSON.stringify({ kind: "expired", sentence })),
    ],
    row: z.unknown(),
  };
}
