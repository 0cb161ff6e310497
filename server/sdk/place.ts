import { VaneError, type ErrorCode } from "../platform/errors";

/** Where an author called us. Its `stack` begins with the author's line; making its text waits until somebody asks. */
export interface Place {
  readonly stack: string;
}

type Entry = (...inputs: never[]) => unknown;

/** @param entry the function that the author called: neither it nor what it called is part of the place. */
export function placeOf(entry: Entry): Place {
  const place = { stack: "" };
  Error.captureStackTrace(place, entry);
  return place;
}

/** What is wrong with a DAG file, found while it is loaded; the stack begins with the author's line. */
export function loadError(code: ErrorCode, sentence: string, place: Place, cause?: unknown): VaneError {
  const error = new VaneError(code, sentence, { cause });
  const from = Math.max(
    frames(place).findIndex((frame) => spot(frame) !== undefined),
    0,
  );
  error.stack = [`${error.name}: ${error.message}`, ...frames(place).slice(from)].join("\n");
  return error;
}

/** The line of `place` in the file where `home` is: a helper in another file may have made the call. */
export function lineIn(home: Place, place: Place): number | null {
  const file = frames(home)
    .map(spot)
    .find((found) => found !== undefined)?.file;
  const line = frames(place)
    .map(spot)
    .find((found) => found !== undefined && found.file === file)?.line;
  return line ?? null;
}

const frames = ({ stack }: Place) => stack.split("\n").filter((line) => /^\s+at /.test(line));

/** `at name (file:line:column)`, `at file:line:column` */
function spot(frame: string): { file: string; line: number } | undefined {
  const found = /(?:\(|at (?:async )?)([^()]+):(\d+):\d+\)?$/.exec(frame);
  return found?.[1] && found[2] ? { file: found[1], line: Number(found[2]) } : undefined;
}
