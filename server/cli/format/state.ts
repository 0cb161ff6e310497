import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

const STYLES: Readonly<Record<string, Style>> = {
  success: "green",
  failed: "red",
  upstream_failed: "yellow",
  up_for_retry: "yellow",
  running: "cyan",
  restarting: "cyan",
  none: "dim",
  skipped: "dim",
  removed: "dim",
};

/** A state in its colour; the cell may be padded. */
export const paintState = (cell: string) => {
  const style = STYLES[cell.trim()];
  return style ? styleText(style, cell) : cell;
};
