import type { Log } from "../platform/log";
import { openLogFile } from "./log-file";
import { prettyLine } from "./pretty-line";

const BOUND = { maxBytes: 10_000_000, keep: 3 };

export interface Speech {
  /** A line of a child: whole into the log file, and as a person reads it onto the screen. */
  readonly line: (line: string) => void;
  readonly exited: (exit: {
    readonly name: string;
    readonly how: string;
    readonly againInMs: number;
  }) => void;
  /** The supervisor's own. */
  readonly log: Log;
  readonly close: () => void;
}

interface Options {
  readonly file: string;
  readonly say: (line: string) => void;
  readonly colours: boolean;
}

export function openSpeech({ file, say, colours }: Options): Speech {
  const logFile = openLogFile(file, BOUND);
  const line = (text: string) => {
    logFile.write(text);
    const pretty = prettyLine(text, { colours });
    if (pretty !== undefined) say(pretty);
  };
  const at = (level: number) => (fields: Readonly<Record<string, unknown>>, msg: string) => {
    line(JSON.stringify({ level, time: Date.now(), kind: "supervisor", pid: process.pid, ...fields, msg }));
  };
  const log = { debug: at(20), info: at(30), warn: at(40), error: at(50) };
  return {
    line,
    log,
    exited({ name, how, againInMs }) {
      log.error({ how }, `The ${name} has ended by itself and is started again in ${againInMs} ms.`);
    },
    close: () => {
      logFile.close();
    },
  };
}
