import type { Client, Pool } from "pg";
import { z } from "zod";
import type { ProcessId } from "../domain/ids";
import { SERIALIZED_FORMAT } from "../domain/serialized-dag";
import type { ProcessIdentity } from "../platform/process-identity";
import { query, type Statement } from "./sql/statement";

export type ProcessKind = "supervisor" | "scheduler" | "loader" | "triggerer" | "worker" | "web";

export interface NewProcess {
  readonly id: ProcessId;
  readonly kind: ProcessKind;
  readonly identity: ProcessIdentity;
  readonly address?: string;
  readonly info?: Readonly<Record<string, unknown>>;
}

/** A process says that it exists. A worker's row is written by the scheduler that it said hello to. */
export function insertProcess({ id, kind, identity, address, info }: NewProcess): Statement<unknown> {
  const { host, bootId, pidNamespace, pid, pidStart } = identity;
  return {
    name: "insert_process",
    text: `insert into process (id, kind, host, boot_id, pid_namespace, pid, pid_start, format, address, info)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (id) do nothing`,
    values: [
      ...[id, kind, host, bootId, pidNamespace, pid, pidStart],
      ...[SERIALIZED_FORMAT, address ?? null, JSON.stringify(info ?? {})],
    ],
    row: z.unknown(),
  };
}

/** One step of the beat of a process that owns no DAG; a scheduler's goes through its flush. */
export function beatProcess(id: ProcessId, info?: Readonly<Record<string, unknown>>): Statement<unknown> {
  return {
    name: "beat_process",
    text: `update process set beat = beat + 1, beat_at = now(), info = coalesce($2, info) where id = $1 and not dead`,
    values: [id, info ? JSON.stringify(info) : null],
    row: z.unknown(),
  };
}

export function markDead(id: ProcessId, reason: string): Statement<unknown> {
  return {
    name: "mark_dead",
    text: "update process set dead = true, dead_reason = $2 where id = $1 and not dead",
    values: [id, reason],
    row: z.unknown(),
  };
}

/** Says goodbye, best effort: who cannot is found out by its silence. */
export async function sayGoodbye(db: Client | Pool, id: ProcessId): Promise<void> {
  await query(db, markDead(id, "goodbye")).catch(() => undefined);
}
