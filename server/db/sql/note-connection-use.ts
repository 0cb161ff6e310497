import { z } from "zod";
import type { DagId, TaskId } from "../../domain/ids";
import type { Statement } from "./statement";

/** A minute is as exact as people want it, and spares the row of a busy task its updates. */
const TEXT = `
  insert into connection_use as known (conn_id, dag_id, task_id) values ($1, $2, $3)
  on conflict (conn_id, dag_id, task_id) do update set used_at = now()
    where known.used_at < now() - interval '1 minute'`;

interface Use {
  readonly id: string;
  readonly dagId: DagId;
  /** Null: what ran for the DAG or its run, a callback say. */
  readonly taskId: TaskId | null;
}

export function noteConnectionUse({ id, dagId, taskId }: Use): Statement<unknown> {
  return { name: "note_connection_use", text: TEXT, values: [id, dagId, taskId ?? ""], row: z.unknown() };
}
