/** Longer than a person reads; the command itself has all of it, for as long as it is kept. */
const MAX_LENGTH = 4_000;

/**
 * JSON of what a command asks for, beside what it is about: which tasks, to which state, with which version. Of params the
 * names only: a value may be a secret.
 */
export function auditedOf(args: object): string {
  const { conf, ...others } = args as Readonly<Record<string, unknown>>;
  const asked = Object.fromEntries(Object.entries(others).filter(([name]) => !ELSEWHERE.has(name)));
  const params = typeof conf === "object" && conf !== null ? { params: Object.keys(conf) } : {};
  const text = JSON.stringify({ ...asked, ...params });
  return text.length > MAX_LENGTH ? "null" : text;
}

const ELSEWHERE: ReadonlySet<string> = new Set(["dagId", "runId", "idempotencyKey", "digest"]);
