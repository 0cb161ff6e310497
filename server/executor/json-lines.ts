import type { Socket } from "node:net";

export interface JsonLines {
  /** Messages of one turn of the loop leave in one write. */
  readonly send: (message: object) => void;
  /** What waits is written first. */
  readonly end: () => void;
}

const NEWLINE = 0x0a;

/** A bundle with its source map is the longest message there is. */
export const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;

/** Newline-delimited JSON over a socket. @param maxBytes of one line; a longer one closes the socket. */
export function jsonLines(
  socket: Socket,
  maxBytes: () => number,
  onMessage: (message: unknown) => void,
): JsonLines {
  let parts: Buffer[] = [];
  let bytes = 0;
  let waiting: string[] = [];

  socket.on("data", (chunk: Buffer) => {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      const line = Buffer.concat([...parts, chunk.subarray(from, end)]).toString();
      parts = [];
      bytes = 0;
      from = end + 1;
      if (!take(line)) return;
    }
    if (from === chunk.length) return;
    parts.push(chunk.subarray(from));
    bytes += chunk.length - from;
    if (bytes > maxBytes()) socket.destroy();
  });

  function take(line: string): boolean {
    if (socket.destroyed) return false;
    try {
      onMessage(JSON.parse(line));
      return true;
    } catch (error) {
      socket.destroy(error instanceof Error ? error : new Error(String(error)));
      return false;
    }
  }

  function flush() {
    const text = waiting.join("");
    waiting = [];
    if (text !== "" && socket.writable) socket.write(text);
  }

  return {
    send(message) {
      waiting.push(`${JSON.stringify(message)}\n`);
      if (waiting.length === 1) setImmediate(flush);
    },
    end() {
      flush();
      socket.end();
    },
  };
}
