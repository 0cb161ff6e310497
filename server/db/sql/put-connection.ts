import { z } from "zod";
import type { ConnectionParts } from "../../domain/connection";
import type { Actor } from "./audit";
import type { Statement } from "./statement";

interface NewConnection extends Omit<ConnectionParts, "secrets"> {
  readonly id: string;
  /** Ciphertext. */
  readonly secrets: string;
  readonly by: Actor;
}

/* Adds it or replaces the whole of it, and says so in the audit log in the same breath. A row that was there has been locked by
 * whoever updates it, which its xmax tells. */
const TEXT = `
  with written as (
    insert into connection (id, kind, host, port, login, schema, extra, secrets, updated_by)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    on conflict (id) do update set (kind, host, port, login, schema, extra, secrets, updated_at, updated_by) =
      (excluded.kind, excluded.host, excluded.port, excluded.login, excluded.schema, excluded.extra, excluded.secrets,
       now(), excluded.updated_by)
    returning id, xmax <> 0 as existed
  ), noted as (
    insert into audit_event (principal, action, subject, detail, address)
    select $9, case when existed then 'connection.changed' else 'connection.added' end, id,
           json_build_object('kind', $2::text)::text, $10 from written
  )
  select existed from written`;

const row = z.object({ existed: z.boolean() });

export function putConnection(connection: NewConnection): Statement<z.infer<typeof row>> {
  const { id, kind, host, port, login, schema, extra, secrets, by } = connection;
  const parts = [id, kind, host, port, login, schema, JSON.stringify(extra), secrets];
  const values = [...parts, by.principal, by.address ?? null];
  return { name: "put_connection", text: TEXT, values, row };
}
