import { z } from "zod";
import { ConnectionColumns } from "./connection-row";
import type { Statement } from "./statement";

/** `secrets` is a ciphertext. */
const row = ConnectionColumns.extend({ secrets: z.string() });
export type ConnectionRow = z.infer<typeof row>;

export function findConnection(id: string): Statement<ConnectionRow> {
  return {
    name: "find_connection",
    text: "select id, kind, host, port, login, schema, extra, secrets from connection where id = $1",
    values: [id],
    row,
  };
}
