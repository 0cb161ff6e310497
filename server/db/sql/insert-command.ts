import { z } from "zod";
import type { DagId, RunId } from "../../domain/ids";
import type { Actor } from "./audit";
import { JsonText } from "./json-text";
import type { Statement } from "./statement";

export type CommandKind = "trigger_run" | "clear_tasks" | "mark_tasks" | "cancel_run";

interface NewCommand {
  readonly by: Actor;
  readonly kind: CommandKind;
  readonly args: { readonly dagId: DagId; readonly runId?: RunId; readonly idempotencyKey: string };
  /** JSON of what an auditor should know of them. */
  readonly asked: string;
}

/** What came of it, its owner says later; who asked for what stands at once. */
const AUDITED_AS: Readonly<Record<CommandKind, string>> = {
  trigger_run: "run.trigger_requested",
  cancel_run: "run.cancel_requested",
  clear_tasks: "task.clear_requested",
  mark_tasks: "task.mark_requested",
};

/*
 * Insert or find, in one statement, so that two requests with one key cannot both believe to be the first. The
 * `do update` that changes nothing is there for its RETURNING: `do nothing` would return no row for the second.
 * The arguments come back as they stand: whether they are the same is a question about JSON, not about text.
 * A row that was there has been locked by whoever updates it, which its xmax tells.
 */
const TEXT = `
  with written as (
    insert into command (principal, idempotency_key, kind, dag_id, arguments) values ($1, $2, $3, $4, $5)
    on conflict (principal, idempotency_key) do update set principal = command.principal
    returning id, kind, arguments, outcome, xmax = 0 as is_new
  ), noted as (
    insert into audit_event (principal, action, subject, detail, address)
    select $1, $6, $7, json_build_object('command', id, 'asked', $8::json)::text, $9 from written where is_new
  )
  select id, kind, arguments, outcome, pg_notify('vane_command', $4) from written`;

const row = z
  .object({ id: z.int(), kind: z.string(), arguments: JsonText, outcome: JsonText.nullable() })
  .transform((command) => ({ ...command, outcome: command.outcome ?? undefined }));

export function insertCommand({ by, kind, args, asked }: NewCommand): Statement<z.infer<typeof row>> {
  const subject = args.runId === undefined ? args.dagId : `${args.dagId}/${args.runId}`;
  return {
    name: "insert_command",
    text: TEXT,
    values: [
      ...[by.principal, args.idempotencyKey, kind, args.dagId, JSON.stringify(args)],
      ...[AUDITED_AS[kind], subject, asked, by.address ?? null],
    ],
    row,
  };
}
