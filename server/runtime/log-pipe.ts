import { writeSync } from "node:fs";

export interface LogPipe {
  write(line: string): void;
  /** Since the process began. */
  readonly bytes: number;
}

/** Blocking on purpose: lines keep their order, nothing is lost in memory, and a flood is slowed to what the disk takes. */
export function logPipe(fd: number): LogPipe {
  let bytes = 0;
  return {
    write(line) {
      const data = Buffer.from(`${line}\n`);
      try {
        for (let from = 0; from < data.length;) {
          const written = writeSync(fd, data, from);
          from += written;
          bytes += written;
        }
      } catch {
        // The task closed it, or the worker is gone: neither is a reason to fail the task.
      }
    },
    get bytes() {
      return bytes;
    },
  };
}
