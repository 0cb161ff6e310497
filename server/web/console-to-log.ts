import { format, stripVTControlCharacters } from "node:util";
import type { Log } from "../platform/log";

const LEVELS = { log: "debug", info: "debug", debug: "debug", warn: "warn", error: "error" } as const;

/** Next and React speak through the console, in several lines and in colours; a word in our log is one line of JSON. */
export function sendConsoleToLog(log: Log): void {
  for (const [method, level] of Object.entries(LEVELS)) {
    const speak = (...words: unknown[]) => {
      const said = stripVTControlCharacters(format(...words)).trim();
      const [first = "", ...more] = said.split("\n");
      const [, errorId] = /\bdigest: '(\w+)'/.exec(said) ?? [];
      log[level]({ ...(errorId && { errorId }), ...(more.length > 0 && { said }) }, `Pages: ${first}`);
    };
    Reflect.set(console, method, speak);
  }
}
