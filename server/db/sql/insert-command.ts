import { z } from "zod";
import type { DagId } from "../../domain/ids";
import { JsonText } from "./json-text";
import type { Statement } from "./statement";

interface NewCommand {
  readonly principal: string;
  readonly kind: string;
  readonly args: { readonly dagId: DagId; readonly idempotencyKey: string };
}

/*
 * Insert or find, in one statement, so that two requests with one key cannot both believe to be the first. The
 * `do update` that changes nothing is there for its RETURNING: `do nothing` would return no row for the second.
 * The arguments come back as they stand: whether they are the same is a question about JSON, not about text.
 */
const TEXT = `
  with written as (
    insert into command (principal, idempotency_key, kind, dag_id, arguments) values ($1, $2, $3, $4, $5)
    on conflict (principal, idempotency_key) do update set principal = command.principal
    returning id, kind, arguments, outcome
  )
  select id, kind, arguments, outcome, pg_notify('vane_command', $4) from written`;

const row = z
  .object({ id: z.int(), kind: z.string(), arguments: JsonText, outcome: JsonText.nullable() })
  .transform((command) => ({ ...command, outcome: command.outcome ?? undefined }));

export function insertCommand({ principal, kind, args }: NewCommand): Statement<z.infer<typeof row>> {
  const values = [principal, args.idempotencyKey, kind, args.dagId, JSON.stringify(args)];
  return { name: "insert_command", text: TEXT, values, row };
}
