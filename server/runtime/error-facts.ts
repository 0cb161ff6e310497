import { inspect } from "node:util";
import type { ErrorFacts } from "../executor/protocol";
import { VaneError } from "../platform/errors";

const MAX_MESSAGE = 10_000;
const MAX_STACK = 20_000;

/** Whatever was thrown, `null` included, as its author should see it. Never throws. */
export function errorFacts(thrown: unknown): ErrorFacts {
  try {
    if (thrown instanceof VaneError) return facts(thrown, thrown.sentence, thrown.code);
    if (thrown instanceof Error) return facts(thrown, thrown.message, null);
    const text = `${inspect(thrown, { depth: 2 })} was thrown, which is no Error.`;
    return { name: "NotAnError", message: cut(text, MAX_MESSAGE), stack: "", code: null };
  } catch {
    return {
      name: "NotAnError",
      message: "Something was thrown that cannot be shown.",
      stack: "",
      code: null,
    };
  }
}

function facts(error: Error, message: string, code: string | null): ErrorFacts {
  return {
    name: cut(error.name, 200),
    message: cut(message, MAX_MESSAGE),
    stack: cut(withCauses(error), MAX_STACK),
    code,
  };
}

const MAX_CAUSES = 5;

function withCauses(error: Error): string {
  const parts = [error.stack ?? ""];
  let cause = error.cause;
  for (let depth = 0; depth < MAX_CAUSES && cause !== undefined; depth++) {
    parts.push(`Caused by: ${cause instanceof Error ? String(cause.stack) : inspect(cause, { depth: 1 })}`);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return parts.join("\n");
}

export const CUT_MARK = " …";

const cut = (text: string, length: number) =>
  text.length <= length ? text : `${text.slice(0, length)}${CUT_MARK}`;

/** Or looks so: a long text that ends with that mark by itself. */
export const isCut = (text: string) => text.length >= MAX_MESSAGE && text.endsWith(CUT_MARK);
