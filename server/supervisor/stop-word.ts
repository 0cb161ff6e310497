import type { Writable } from "node:stream";

/** What a supervisor writes to its child's stdin before it closes it. Without this word it is the supervisor that is gone. */
export const STOP = "stop";

export function sayStop(stdin: Writable | null): void {
  stdin?.end(`${STOP}\n`);
}
