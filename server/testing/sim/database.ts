import { FLUSH_PARTS } from "../../db/sql/flush-call";
import { checkConstraints } from "./constraints";
import { statements } from "./statements";
import {
  TABLES,
  type Change,
  type DatabaseRules,
  type Row,
  type TableName,
  type Transaction,
  type Value,
} from "./rows";
import { BEGIN } from "./timeline";

/*
 * What the tables, and the statements by their names, mean; nothing of how Postgres does it. One transaction after the
 * other, each whole or not at all.
 */

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
      onCommit(changes, questions.flatMap(partsOf));
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

/** `vane_flush` is the fence, and what the statements of the same names do. */
function partsOf(question: Question): readonly Question[] {
  const [process = null, seq = null, ...values] = question.values;
  if (question.name !== "flush") return [question];
  const parts = FLUSH_PARTS.map((name, i) => ({ name, text: "", values: [values[i] ?? null] }));
  const fence = { name: "fence", text: "", values: [process, seq] };
  return [fence, ...parts.filter((part) => part.values[0] !== null)];
}

function answer(inside: Transaction, question: Question): Row[] {
  if (question.name === "flush") return partsOf(question).map((part) => answer(inside, part))[0] ?? [];
  const statement = statements[question.name];
  if (!statement) throw new Error(`The simulated database does not know the statement ${question.name}.`);
  return statement(inside, question.values, question.text);
}
