import { z } from "zod";
import { DagId } from "../../domain/ids";
import type { Statement } from "./statement";
import { storableText } from "./text";

const commandRow = z
  .object({
    ...{ id: z.int(), principal: z.string(), kind: z.string(), dag_id: DagId, arguments: z.string() },
    ...{ expired: z.boolean() },
  })
  .transform(({ dag_id, ...rest }) => ({ ...rest, dagId: dag_id }));
export type CommandRow = z.infer<typeof commandRow>;

/** Found by the missing answer, never by a watermark: a row with a lower id may become visible later. */
export function openCommands(dagIds: readonly DagId[]): Statement<CommandRow> {
  return {
    name: "open_commands",
    text: `select id, principal, kind, dag_id, arguments, expires_at < now() as expired from command
            where outcome is null and dag_id = any($1) order by id limit 500`,
    values: [dagIds],
    row: commandRow,
  };
}

export interface CommandAnswer {
  readonly id: number;
  readonly outcome: object;
}

/** In the flush that does what was asked, so that both are durable or neither is. */
export function answerCommands(answers: readonly CommandAnswer[]): Statement<unknown> {
  return {
    name: "answer_commands",
    text: `
      with answered as (
        update command c set outcome = w.outcome, answered_at = now()
          from unnest($1::bigint[], $2::text[]) as w (id, outcome)
         where c.id = w.id and c.outcome is null
        returning 1
      )
      select vane_expect((select count(*) from answered), cardinality($1::bigint[])), pg_notify('vane_answer', $3)`,
    values: [
      answers.map(({ id }) => id),
      answers.map(({ outcome }) => storableText(JSON.stringify(outcome))),
      answers.length > 500 ? "*" : answers.map(({ id }) => id).join(","),
    ],
    row: z.unknown(),
  };
}

const inboxRow = z
  .object({ id: z.int(), dag_id: DagId, kind: z.string(), payload: z.string() })
  .transform(({ dag_id, ...rest }) => ({ ...rest, dagId: dag_id }));
export type InboxRow = z.infer<typeof inboxRow>;

export function openInbox(dagIds: readonly DagId[]): Statement<InboxRow> {
  return {
    name: "open_inbox",
    text: "select id, dag_id, kind, payload from inbox where dag_id = any($1) order by id limit 500",
    values: [dagIds],
    row: inboxRow,
  };
}

export function deleteInbox(ids: readonly number[]): Statement<unknown> {
  return {
    name: "delete_inbox",
    text: "delete from inbox where id = any($1)",
    values: [ids],
    row: z.unknown(),
  };
}
