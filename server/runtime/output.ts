import { StringDecoder } from "node:string_decoder";
import { formatWithOptions } from "node:util";
import type { Masker } from "../logs/mask";
import type { LogLevel, LogSource } from "../logs/log-line";

export type Say = (source: LogSource, level: LogLevel, message: string) => void;

/** A longer unfinished line is passed on as it is, so that a flood without line ends cannot fill the memory. */
const MAX_UNFINISHED = 1024 * 1024;

export interface Output {
  /** Passes on the unfinished last lines. */
  flush(): void;
}

/** From here on console, process.stdout and process.stderr speak to the log, line by line. */
export function captureOutput(say: Say, secrets: Masker): Output {
  const stdout = captureStream(process.stdout, secrets, (line) => {
    say("stdout", "info", line);
  });
  const stderr = captureStream(process.stderr, secrets, (line) => {
    say("stderr", "warn", line);
  });
  const consoleLine =
    (source: "stdout" | "stderr", level: LogLevel) =>
    (...parts: unknown[]) => {
      for (const line of formatWithOptions({}, ...parts).split("\n")) say(source, level, line);
    };
  console.debug = consoleLine("stdout", "debug");
  console.log = consoleLine("stdout", "info");
  console.info = consoleLine("stdout", "info");
  console.warn = consoleLine("stderr", "warn");
  console.error = consoleLine("stderr", "error");
  return {
    flush() {
      stdout();
      stderr();
    },
  };
}

function captureStream(
  stream: NodeJS.WriteStream,
  secrets: Masker,
  passOn: (line: string) => void,
): () => void {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  function take(text: string) {
    const end = text.lastIndexOf("\n");
    if (end >= 0) for (const line of (rest + text.slice(0, end)).split("\n")) passOn(line);
    rest = end >= 0 ? text.slice(end + 1) : rest + text;
    if (rest.length > MAX_UNFINISHED) makeRoom();
  }
  /** Masked before it is cut: a secret that has only begun to be written is shorter than what is kept. */
  function makeRoom() {
    const masked = secrets.mask(rest);
    const end = masked.length - secrets.longest;
    passOn(masked.slice(0, end));
    rest = masked.slice(end);
  }
  function flush() {
    rest += decoder.end();
    if (rest !== "") passOn(rest);
    rest = "";
  }
  stream.write = (chunk: string | Uint8Array, ...more: unknown[]) => {
    take(typeof chunk === "string" ? chunk : decoder.write(Buffer.from(chunk)));
    const written = more.find((part) => typeof part === "function");
    if (written) process.nextTick(written);
    return true;
  };
  return flush;
}
