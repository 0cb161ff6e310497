import { format } from "node:util";
import type { Log } from "../platform/log";

/** Next and React speak through the console, in several lines and colours; our log has one line of JSON for each word. */
export function sendConsoleToLog(log: Log): void {
  const levels = { log: "debug", info: "debug", debug: "debug", warn: "warn", error: "error" } as const;
  for (const [method, level] of Object.entries(levels)) {
    const speak = (...words: unknown[]) => {
      log[level]({ said: format(...words) }, "The pages said something.");
    };
    Reflect.set(console, method, speak);
  }
}
