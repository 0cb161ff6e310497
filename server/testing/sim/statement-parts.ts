import { sqlError, type Cell, type Row, type Transaction, type Value } from "./rows";

export type Statement = (db: Transaction, values: readonly Value[], text: string) => Row[];

export const list = (value: Value | undefined): readonly Cell[] =>
  Array.isArray(value) ? (value as readonly Cell[]) : [];
export const cell = (value: Value | undefined): Cell =>
  value === undefined || Array.isArray(value) ? null : (value as Cell);

const IS_TIME = /(_at|_date|interval_start|interval_end|run_after|next_run|last_tick)$/;

/** What `unnest` makes of lists, under the names that the statement itself gives them. */
export function unnest(text: string, values: readonly Value[], head = /as w\s+\(([^)]*)\)/): Row[] {
  const names = (head.exec(text)?.[1] ?? "").split(",").map((name) => name.trim());
  const columns = values.filter((value): value is readonly Cell[] => Array.isArray(value));
  if (names.length !== columns.length) throw new Error(`${names.length} names for ${columns.length} lists`);
  return (columns[0] ?? []).map((_, at) =>
    Object.fromEntries(
      names.map((name, column) => {
        const found = columns[column]?.[at] ?? null;
        const time = IS_TIME.test(name) && typeof found === "string";
        return [name, time ? new Date(found) : found];
      }),
    ),
  );
}
/** What `json_to_recordset` makes of the only parameter. */
export const recordset = ([text]: readonly Value[]): Row[] =>
  (JSON.parse(String(text)) as Row[]).map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        IS_TIME.test(name) && typeof value === "string" ? new Date(value) : value,
      ]),
    ),
  );

export const INTO = /insert into \w+ \(([^)]*)\)/;

export function expectRows(actual: number, expected: number): Row[] {
  if (actual !== expected) throw sqlError("VN002", `${actual} rows instead of ${expected}`);
  return [{}];
}

export const isOpen = (run: Row | undefined) => run?.["state"] === "queued" || run?.["state"] === "running";
export const lives = (db: Transaction, id: Cell | undefined) =>
  db.find("process", String(id))?.["dead"] === false;
