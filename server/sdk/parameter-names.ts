/**
 * Names of a function's parameters as its source has them: labels for people. Takes what it can read and gives up
 * silently on the rest; nothing is ever bound by them.
 */
export function parameterNames(fn: (...inputs: never[]) => unknown): string[] {
  const source = Function.prototype.toString.call(fn);
  const single = /^(?:async\s+)?([\w$]+)\s*=>/.exec(source)?.[1];
  if (single) return [single];
  const open = source.indexOf("(");
  return open < 0 ? [] : topLevelParts(source, open).map(nameOf);
}

const CLOSES: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };
const QUOTES = new Set(['"', "'", "`"]);

/** What stands between commas from the bracket at `open` to the one that closes it. */
function topLevelParts(source: string, open: number): string[] {
  const parts: string[] = [];
  const closers: string[] = [];
  let start = open + 1;
  let at = open;
  do {
    const char = source.charAt(at);
    if (QUOTES.has(char)) at = endOfText(source, at);
    else if (source.startsWith("//", at)) at = endOf(source, "\n", at);
    else if (source.startsWith("/*", at)) at = endOf(source, "*/", at) + 1;
    else if (CLOSES[char]) closers.push(CLOSES[char]);
    else if (char === closers.at(-1)) closers.pop();
    else if (char === "," && closers.length === 1) {
      parts.push(source.slice(start, at));
      start = at + 1;
    }
    at += 1;
  } while (closers.length > 0 && at < source.length);
  parts.push(source.slice(start, at - 1));
  return parts.map(withoutComments).filter((part) => part !== "");
}

function endOfText(source: string, quoteAt: number): number {
  const quote = source.charAt(quoteAt);
  let at = quoteAt + 1;
  while (at < source.length && source.charAt(at) !== quote) at += source.charAt(at) === "\\" ? 2 : 1;
  return at;
}

function endOf(source: string, text: string, from: number): number {
  const found = source.indexOf(text, from);
  return found < 0 ? source.length : found;
}

const withoutComments = (part: string) => part.replace(/\/\*[^]*?\*\/|\/\/[^\n]*/g, "").trim();

/** A destructured parameter has no name of its own: its place is said instead. */
const nameOf = (part: string, index: number) =>
  /^(?:\.\.\.)?([\p{L}_$][\p{L}\p{N}_$]*)/u.exec(part)?.[1] ?? `input ${index + 1}`;
