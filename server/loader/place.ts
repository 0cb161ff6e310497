/** Where something stands in a source file; line and column count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly col: number;
}

const FRAME = /^\s+at (?:async )?(?:[^(/]* \()?(?:file:\/\/)?(\/.*):(\d+):(\d+)\)?$/;

/** The innermost frame of a stack that stands in one of these files: the author's line, not Vane's or a package's. */
export function placeInStack(stack: string, files: ReadonlySet<string>): Place | undefined {
  return stack
    .split("\n")
    .map((frame) => placeOfFrame(frame, files))
    .find((place) => place !== undefined);
}

/** Without what called the author's code, and without the frames of Vane's own script. */
export function trimStack(stack: string, files: ReadonlySet<string>, ownScript: string): string {
  const frames = stack.split("\n").filter((frame) => !frame.includes(`${ownScript}:`));
  const last = frames.findLastIndex((frame) => placeOfFrame(frame, files));
  return (last < 0 ? frames : frames.slice(0, last + 1)).join("\n");
}

function placeOfFrame(frame: string, files: ReadonlySet<string>): Place | undefined {
  const [, file, line, col] = FRAME.exec(frame.trimEnd()) ?? [];
  return file !== undefined && files.has(file) ? { file, line: Number(line), col: Number(col) } : undefined;
}

const AROUND = 3;
const MAX_WIDTH = 160;

/** The line with its neighbours, and a caret under the column. */
export function codeFrame(source: string, { line, col }: Omit<Place, "file">): string | undefined {
  const lines = source.split(/\r?\n/);
  if (line < 1 || line > lines.length) return undefined;
  const first = Math.max(1, line - AROUND);
  const width = String(Math.min(line + AROUND, lines.length)).length;
  return lines
    .slice(first - 1, line + AROUND)
    .flatMap((text, i) => {
      const number = first + i;
      const shown = `${number === line ? ">" : " "} ${String(number).padStart(width)} | ${text.slice(0, MAX_WIDTH)}`;
      if (number !== line || col > MAX_WIDTH) return [shown.trimEnd()];
      // Tabs stay tabs, so that the caret stands where the column is.
      const indent = text.slice(0, col - 1).replaceAll(/[^\t]/g, " ");
      return [shown.trimEnd(), `  ${" ".repeat(width)} | ${indent}^`];
    })
    .join("\n");
}
