import { codeFrame, type Place } from "./place";

/** Why a file's DAGs could not be loaded, ready to be shown. */
export interface ImportError {
  readonly code: string;
  /** What is wrong and what to do; the file and line are put before it. */
  readonly what: string;
  /** In the DAG file or in one of its modules. */
  readonly place: Place | undefined;
  readonly frame: string | undefined;
  readonly stack: string | undefined;
}

interface Details {
  readonly place?: Place | undefined;
  readonly stack?: string | undefined;
  /** Text of the file at `place`. */
  readonly source?: string | undefined;
}

const MAX = { code: 100, what: 2_000, stack: 20_000 };

export function importError(code: string, what: string, details: Details = {}): ImportError {
  const { place, stack, source } = details;
  return {
    code: clean(code, MAX.code),
    what: clean(what, MAX.what),
    place,
    frame: place && source !== undefined ? frameOf(source, place) : undefined,
    stack: stack === undefined ? undefined : clean(stack, MAX.stack),
  };
}

function frameOf(source: string, place: Place) {
  const frame = codeFrame(source, place);
  return frame === undefined ? undefined : clean(frame, MAX.what);
}

/** What Postgres can store as text and a screen can show: no NUL, no half of a surrogate pair, an end. */
function clean(text: string, max: number): string {
  const cut = text.length > max ? `${text.slice(0, max)}…` : text;
  return cut.replaceAll("\0", "\u2400").replaceAll(/\p{Surrogate}/gu, "\ufffd");
}
