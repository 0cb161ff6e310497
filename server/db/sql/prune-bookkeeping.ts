import { z } from "zod";
import type { Cutoffs } from "../../domain/retention";
import type { Statement } from "./statement";

/** Of each kind of row that no run needs: which are over ($1: older than the instant `by`). Nothing refers to them. */
const OVER = {
  alerts: {
    table: "outbox",
    key: "id",
    by: "bookkeeping",
    where: "state in ('sent', 'failed') and created_at < $1",
  },
  commands: { table: "command", key: "id", by: "bookkeeping", where: "answered_at < $1" },
  // Its DAG has had no owner for all that time; whoever claims it reads the whole DAG anyway.
  inbox: { table: "inbox", key: "id", by: "bookkeeping", where: "created_at < $1" },
  // Whoever refers to a process that is not there takes it for dead (claim-dags.ts, fence.ts).
  processes: { table: "process", key: "id", by: "bookkeeping", where: "dead and beat_at < $1" },
  audit: { table: "audit_event", key: "id", by: "audit", where: "at < $1" },
  sessions: { table: "session", key: "id", by: "ended", where: "expires_at < $1" },
  limits: { table: "rate_limit", key: "key", by: "ended", where: "expires_at < $1" },
  links: { table: "verification", key: "id", by: "ended", where: "expires_at < $1" },
} as const;

export type Bookkeeping = keyof typeof OVER;
type Instants = Pick<Cutoffs, (typeof OVER)[Bookkeeping]["by"]>;

const Count = z.object({ count: z.int() });
const SLICE = 1_000;

export function pruneBookkeeping(kind: Bookkeeping, before: Instants): Statement<{ count: number }> {
  const { table, key, by, where } = OVER[kind];
  return {
    name: `prune_${kind}`,
    text: `
      with gone as (
        delete from ${table} where ${key} in (
          select ${key} from ${table} where ${where} order by ${key} limit ${SLICE} for update skip locked)
        returning 1
      )
      select count(*) as count from gone`,
    values: [before[by].toISOString()],
    row: Count,
  };
}

export function countBookkeeping(kind: Bookkeeping, before: Instants): Statement<{ count: number }> {
  const { table, by, where } = OVER[kind];
  return {
    name: `count_old_${kind}`,
    text: `select count(*) as count from ${table} where ${where}`,
    values: [before[by].toISOString()],
    row: Count,
  };
}
