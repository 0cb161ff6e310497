import { z } from "zod";
import { ConnectionColumns } from "../sql/connection-row";
import type { Statement } from "../sql/statement";

const row = ConnectionColumns.extend({ updated_at: z.date(), updated_by: z.string() }).transform(
  ({ updated_at, updated_by, ...rest }) => ({ ...rest, updatedAt: updated_at, updatedBy: updated_by }),
);
export type ConnectionListRow = z.infer<typeof row>;

/** Never with secrets. */
export function listConnections(): Statement<ConnectionListRow> {
  return {
    name: "list_connections",
    text: `select id, kind, host, port, login, schema, extra, updated_at, updated_by from connection order by id`,
    values: [],
    row,
  };
}
