import { DatabaseError } from "pg";

/* Rows of the simulated database, under the columns' own names, so that the borders of server/db parse them. */

export type Cell = string | number | boolean | Date | null;
export type Row = Readonly<Record<string, Cell>>;
export type Value = Cell | readonly Cell[];

export const TABLES = [
  ...(["process", "flush_log", "bundle", "dag", "dag_version", "dag_run", "task_instance"] as const),
  ...(["task_attempt", "xcom", "command", "inbox"] as const),
] as const;
export type TableName = (typeof TABLES)[number];

/** Rules that a test switches off to see the simulation find it out. */
export interface DatabaseRules {
  /** `vane_fence` refuses the deposed. */
  readonly fenceRefusesDead: boolean;
  /** `vane_fence` refuses a flush that it has seen. */
  readonly fenceRefusesOld: boolean;
  /** `move_tasks` compares state and exec. */
  readonly comparesExec: boolean;
  /** `claim_dags` takes nothing from a live owner. */
  readonly claimsFreeOnly: boolean;
}

export interface Change {
  readonly table: TableName;
  readonly before: Row | undefined;
  readonly after: Row | undefined;
}

/** What a statement may do. */
export interface Transaction {
  readonly rules: DatabaseRules;
  readonly now: Date;
  rows(table: TableName): Row[];
  find(table: TableName, key: string): Row | undefined;
  put(table: TableName, key: string, row: Row): void;
  remove(table: TableName, key: string): void;
  nextId(): number;
  notify(channel: string, payload: string): void;
}

export function sqlError(code: string, message: string, constraint?: string): DatabaseError {
  return Object.assign(new DatabaseError(message, message.length, "error"), { code, constraint });
}
