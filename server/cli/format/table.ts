import { safeLine } from "./safe-text";

export interface Column<Row> {
  readonly heading: string;
  readonly of: (row: Row) => string | number | null;
  /** Colour, given after the cell has its width. */
  readonly paint?: (cell: string) => string;
}

/** Aligned, two spaces between columns, nothing to the right of the last: made to be read, and to survive grep. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const cells = rows.map((row) => columns.map(({ of }) => safeLine(String(of(row) ?? ""))));
  const widths = columns.map(({ heading }, at) =>
    Math.max(heading.length, ...cells.map((line) => line[at]?.length ?? 0)),
  );
  const lines = [columns.map(({ heading }) => heading), ...cells].map((line, number) =>
    line.map((cell, at) => {
      const padded = at === columns.length - 1 ? cell : cell.padEnd(widths[at] ?? 0);
      const paint = columns[at]?.paint;
      return number > 0 && paint ? paint(padded) : padded;
    }),
  );
  return lines.map((line) => `${line.join("  ").trimEnd()}\n`).join("");
}

/** "key: value" lines with the values aligned; empty values are left out. */
export function record(
  entries: readonly (readonly [label: string, value: string | number | null])[],
): string {
  const shown = entries.filter(([, value]) => value !== null && value !== "");
  const width = Math.max(0, ...shown.map(([label]) => label.length)) + 1;
  return shown.map(([label, value]) => `${`${label}:`.padEnd(width)} ${safeLine(String(value))}\n`).join("");
}
