import { pino } from "pino";

/** What Vane's own processes say of themselves (a task's log is another thing). JSON lines on stdout. */
export interface Log {
  debug(fields: Readonly<Record<string, unknown>>, message: string): void;
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** @param kind which process speaks: "scheduler", "loader", ... */
export function processLog(kind: string, level = "info"): Log {
  // Synchronous: the last words before an exit are the ones that matter.
  return pino(
    { name: kind, level, base: { kind, pid: process.pid } },
    pino.destination({ fd: 1, sync: true }),
  );
}

export const silentLog: Log = pino({ level: "silent" });
