import { z } from "zod";
import type { DagId, ProcessId } from "../../domain/ids";
import type { Statement } from "./statement";
import { isoOrNull } from "./text";

export interface OwnerColumns {
  readonly dagId: DagId;
  readonly epoch: number;
  readonly currentVersion: number | null;
  readonly nextRun: Date | null;
  readonly lastTick: Date | null;
}

/** The columns of a DAG that only its owner writes; the others are the loader's and people's. */
export function setOwnerColumns(owner: ProcessId, dags: readonly OwnerColumns[]): Statement<unknown> {
  return {
    name: "set_owner_columns",
    text: `
      with set_now as (
        update dag d set current_version = w.version, next_run = w.next_run, last_tick = w.last_tick
          from unnest($2::text[], $3::bigint[], $4::int[], $5::timestamptz[], $6::timestamptz[])
            as w (dag_id, epoch, version, next_run, last_tick)
         where d.dag_id = w.dag_id and d.owner = $1 and d.owner_epoch = w.epoch
        returning 1
      )
      select vane_expect((select count(*) from set_now), cardinality($2::text[]))`,
    values: [
      owner,
      dags.map(({ dagId }) => dagId),
      dags.map(({ epoch }) => epoch),
      dags.map(({ currentVersion }) => currentVersion),
      dags.map(({ nextRun }) => isoOrNull(nextRun)),
      dags.map(({ lastTick }) => isoOrNull(lastTick)),
    ],
    row: z.unknown(),
  };
}
