import type { Json } from "../domain/serialized-dag";
import { paintState } from "./format/state";
import { table, type Column } from "./format/table";
import type { OutputFormat, Terminal } from "./terminal";

type JsonObject = Readonly<Record<string, Json>>;

/** Results, in the format that was asked for. */
export interface Printer {
  readonly format: OutputFormat;
  /** A list: as a table, or as a JSON array of what `json` makes of each row. */
  list<Row>(rows: readonly Row[], json: (row: Row) => JsonObject, columns: readonly Column<Row>[]): void;
  /** Text for people, or one JSON object. */
  either(json: () => JsonObject, text: () => string): void;
  /** A word about the result: never part of it. */
  note(sentence: string): void;
  readonly state: (cell: string) => string;
}

export function printer(terminal: Terminal, format: OutputFormat): Printer {
  const json = (value: Json) => {
    terminal.out(`${JSON.stringify(value, null, 2)}\n`);
  };
  const state = terminal.colours ? paintState : (cell: string) => cell;
  return {
    format,
    state,
    list(rows, toJson, columns) {
      if (format === "json") json(rows.map(toJson));
      else if (rows.length > 0) terminal.out(table(rows, columns));
    },
    either(toJson, text) {
      if (format === "json") json(toJson());
      else terminal.out(text());
    },
    note(sentence) {
      terminal.err(`${sentence}\n`);
    },
  };
}
