import { z } from "zod";
import type { Statement } from "../sql/statement";

const row = z
  .object({ dag_id: z.string(), task_id: z.string(), used_at: z.date() })
  .transform(({ dag_id, task_id, used_at }) => ({
    dagId: dag_id,
    /** Null: what ran for the DAG or its run, a callback say. */
    taskId: task_id === "" ? null : task_id,
    usedAt: used_at,
  }));
export type ConnectionUseRow = z.infer<typeof row>;

/** Who was told the connection, the latest first; exact to a minute. */
export function listConnectionUses(id: string): Statement<ConnectionUseRow> {
  return {
    name: "list_connection_uses",
    text: `select dag_id, task_id, used_at from connection_use where conn_id = $1 order by used_at desc, 1, 2 limit 100`,
    values: [id],
    row,
  };
}
