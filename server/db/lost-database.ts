/** Whether the database went away under a query, or was not there: no bug, and asking again later may help. */
export function isLostDatabase(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const code = "code" in thrown ? String(thrown.code) : "";
  return /^(57P0|08|ECONN|EPIPE)/.test(code) || LOST.some((words) => thrown.message.startsWith(words));
}

/** node-postgres says so without a code. */
const LOST = ["Connection terminated", "timeout exceeded when trying to connect"];
