import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";

export const OUTPUTS = ["table", "json"] as const;
export type OutputFormat = (typeof OUTPUTS)[number];

/** Where a command writes: results to `out`, words about them to `err`, so that a pipe gets results only. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Somebody reads and can answer. */
  readonly interactive: boolean;
  readonly colours: boolean;
  readonly ask: (question: string) => Promise<string>;
  /** What is typed is not shown. */
  readonly askSecret: (question: string) => Promise<string>;
  /** All of stdin, for secrets that must not stand in a list of processes. */
  readonly input: () => Promise<string>;
  /** Calls when the person presses Ctrl-C; returns a function that calls it off. */
  readonly onInterrupt: (then: () => void) => () => void;
}

/** `vane runs list | head -1`: who reads has read enough. */
function leaveWithReader(error: NodeJS.ErrnoException) {
  if (error.code === "EPIPE") process.exit();
  throw error;
}

/** For what goes on when nobody reads any more what it says: that goes nowhere then. */
export function outliveReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.off("error", leaveWithReader);
    stream.on("error", () => undefined);
  }
}

export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  for (const stream of [stdout, stderr]) stream.on("error", leaveWithReader);
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    interactive: stdin.isTTY && stderr.isTTY,
    colours: stdout.isTTY && stdout.hasColors(),
    async ask(question) {
      const lines = createInterface({ input: stdin, output: stderr });
      try {
        return await lines.question(question);
      } finally {
        lines.close();
      }
    },
    async askSecret(question) {
      stderr.write(question);
      const nowhere = new Writable({
        write: (_chunk, _encoding, done) => {
          done();
        },
      });
      const lines = createInterface({ input: stdin, output: nowhere, terminal: true });
      lines.once("SIGINT", () => process.exit(130));
      try {
        return await lines.question("");
      } finally {
        lines.close();
        stderr.write("\n");
      }
    },
    input: () => text(stdin),
    onInterrupt(then) {
      process.once("SIGINT", then);
      return () => void process.off("SIGINT", then);
    },
  };
}
