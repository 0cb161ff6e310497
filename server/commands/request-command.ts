import { isDeepStrictEqual } from "node:util";
import type { Client, Pool } from "pg";
import { z } from "zod";
import type { Actor } from "../db/sql/audit";
import { insertCommand, type CommandKind } from "../db/sql/insert-command";
import { query } from "../db/sql/statement";
import type { DagId, RunId } from "../domain/ids";
import { VaneError } from "../platform/errors";
import { auditedOf } from "./audited";

/** Made by the caller, one for each intention: sent twice, the command happens once. */
export const CommandKey = z.string().min(8).max(100);

/** How a request came in (tRPC, REST, CLI) and whose it is. */
export interface Door extends Actor {
  readonly db: Client | Pool;
  /** The owner's answer, or undefined when this door's patience is at its end. */
  readonly answerTo: (commandId: number) => Promise<unknown>;
}

/** Written down but not yet answered: no scheduler owns the DAG, or it is busy. */
export const Waiting = z.object({ kind: z.literal("waiting"), commandId: z.int() });
export type Waiting = z.infer<typeof Waiting>;

/** The owner's answer to a command that it found too late; part of every outcome. */
export const Expired = z.object({ kind: z.literal("expired"), sentence: z.string() });

/** The run that a command is about does not exist (any more); part of every outcome about a run. */
export const RunNotFound = z.object({ kind: z.literal("run_not_found") });

/** Writes a command for the DAG's owner and waits for the outcome. Asking again with the same key asks for that outcome. */
export async function requestCommand<Outcome>(
  door: Door,
  kind: CommandKind,
  args: { readonly dagId: DagId; readonly runId?: RunId; readonly idempotencyKey: string },
  outcome: z.ZodType<Outcome>,
): Promise<Outcome | Waiting> {
  const [command] = await query(door.db, insertCommand({ by: door, kind, args, asked: auditedOf(args) }));
  if (!command) throw new Error("insert_command returned no row");
  if (command.kind !== kind || !isDeepStrictEqual(command.arguments, JSON.parse(JSON.stringify(args)))) {
    throw new VaneError(
      "command.key_reused",
      "This idempotency key belongs to an earlier, different command. Send the new one under a new key.",
      { detail: { kind, commandId: command.id, principal: door.principal } },
    );
  }
  const answer = command.outcome ?? (await door.answerTo(command.id));
  return answer === undefined ? { kind: "waiting", commandId: command.id } : outcome.parse(answer);
}
