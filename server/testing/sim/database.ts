import { DatabaseError } from "pg";
import { checkConstraints } from "./constraints";
import { statements } from "./statements";
import { BEGIN } from "./timeline";

/*
 * What the tables, and the statements by their names, mean; nothing of how Postgres does it. One transaction after the
 * other, each whole or not at all. Rows carry the columns' own names, so that the borders of server/db parse them.
 */

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

export interface Question {
  readonly name: string;
  readonly text: string;
  readonly values: readonly Value[];
}

export interface Database {
  /** All of it or nothing: throws what Postgres would answer. @param kept false: answered, and then lost */
  transact(questions: readonly Question[], kept?: boolean): Row[][];
  rows(table: TableName): Row[];
  find(table: TableName, key: string): Row | undefined;
}

interface Parts {
  readonly rules: DatabaseRules;
  readonly nowMs: () => number;
  readonly onCommit: (changes: readonly Change[], questions: readonly Question[]) => void;
  readonly onNotify: (channel: string, payload: string) => void;
}

export function sqlError(code: string, message: string, constraint?: string): DatabaseError {
  return Object.assign(new DatabaseError(message, message.length, "error"), { code, constraint });
}

export function database({ rules, nowMs, onCommit, onNotify }: Parts): Database {
  const tables = new Map<TableName, Map<string, Row>>(TABLES.map((name) => [name, new Map()]));
  const tableOf = (name: TableName) => tables.get(name) ?? new Map<string, Row>();
  let lastId = 0;

  function transact(questions: readonly Question[], kept = true): Row[][] {
    const changes: (Change & { readonly key: string })[] = [];
    const said = new Map<string, readonly [string, string]>();
    const change = (table: TableName, key: string, after: Row | undefined) => {
      changes.push({ table, key, before: tableOf(table).get(key), after });
      if (after) tableOf(table).set(key, after);
      else tableOf(table).delete(key);
    };
    const inside: Transaction = {
      rules,
      now: new Date(BEGIN.getTime() + nowMs()),
      rows: (table) => [...tableOf(table).values()],
      find: (table, key) => tableOf(table).get(key),
      put(table, key, row) {
        checkConstraints(table, row);
        change(table, key, row);
      },
      remove(table, key) {
        change(table, key, undefined);
      },
      nextId: () => (lastId += 1),
      notify: (channel, payload) => void said.set(`${channel} ${payload}`, [channel, payload]),
    };
    try {
      const answers = questions.map((question) => answer(inside, question));
      if (!kept) {
        undo(changes);
        return answers;
      }
      onCommit(changes, questions);
      for (const [channel, payload] of said.values()) onNotify(channel, payload);
      return answers;
    } catch (error) {
      undo(changes);
      throw error;
    }
  }

  function undo(changes: (Change & { readonly key: string })[]) {
    for (const { table, key, before } of changes.reverse()) {
      if (before) tableOf(table).set(key, before);
      else tableOf(table).delete(key);
    }
  }

  return {
    transact,
    rows: (table) => [...tableOf(table).values()],
    find: (table, key) => tableOf(table).get(key),
  };
}

function answer(inside: Transaction, question: Question): Row[] {
  const statement = statements[question.name];
  if (!statement) throw new Error(`The simulated database does not know the statement ${question.name}.`);
  return statement(inside, question.values, question.text);
}
