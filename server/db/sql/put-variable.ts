import { z } from "zod";
import type { Actor } from "./audit";
import type { Statement } from "./statement";

interface NewVariable {
  readonly key: string;
  /** Ciphertext. */
  readonly value: string;
  readonly by: Actor;
}

/* A row that was there has been locked by whoever updates it, which its xmax tells. */
const TEXT = `
  with written as (
    insert into variable (key, value, updated_by) values ($1, $2, $3)
    on conflict (key) do update set (value, updated_at, updated_by) = (excluded.value, now(), excluded.updated_by)
    returning key, xmax <> 0 as existed
  ), noted as (
    insert into audit_event (principal, action, subject, address)
    select $3, case when existed then 'variable.changed' else 'variable.added' end, key, $4 from written
  )
  select existed from written`;

const row = z.object({ existed: z.boolean() });

export function putVariable({ key, value, by }: NewVariable): Statement<z.infer<typeof row>> {
  return { name: "put_variable", text: TEXT, values: [key, value, by.principal, by.address ?? null], row };
}
