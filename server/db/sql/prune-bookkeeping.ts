import { z } from "zod";
import type { Statement } from "./statement";

/** Of each kind of row that no run needs: which are over ($1: older than this). Nothing refers to them. */
const OVER = {
  alerts: { table: "outbox", key: "id", where: "state in ('sent', 'failed') and created_at < $1" },
  commands: { table: "command", key: "id", where: "answered_at < $1" },
  // Its DAG has had no owner for all that time; whoever claims it reads the whole DAG anyway.
  inbox: { table: "inbox", key: "id", where: "created_at < $1" },
  // Whoever refers to a process that is not there takes it for dead (claim-dags.ts, fence.ts).
  processes: { table: "process", key: "id", where: "dead and beat_at < $1" },
} as const;

export const BOOKKEEPING = [
  "alerts",
  "commands",
  "inbox",
  "processes",
] as const satisfies (keyof typeof OVER)[];
export type Bookkeeping = (typeof BOOKKEEPING)[number];

const Count = z.object({ count: z.int() });
const SLICE = 1_000;

export function pruneBookkeeping(kind: Bookkeeping, before: Date): Statement<{ count: number }> {
  const { table, key, where } = OVER[kind];
  return {
    name: `prune_${kind}`,
    text: `
      with gone as (
        delete from ${table} where ${key} in (
          select ${key} from ${table} where ${where} order by ${key} limit ${SLICE} for update skip locked)
        returning 1
      )
      select count(*) as count from gone`,
    values: [before.toISOString()],
    row: Count,
  };
}

export function countBookkeeping(kind: Bookkeeping, before: Date): Statement<{ count: number }> {
  const { table, where } = OVER[kind];
  return {
    name: `count_old_${kind}`,
    text: `select count(*) as count from ${table} where ${where}`,
    values: [before.toISOString()],
    row: Count,
  };
}
