import {
  closeSync,
  existsSync,
  ftruncateSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";

interface Bound {
  readonly maxBytes: number;
  /** Older ones beside it: `vane.log.1` is the newest of them. */
  readonly keep: number;
}

export interface LogFile {
  write(line: string): void;
  close(): void;
}

/** Lines into a file that never grows beyond its bound. A full disk costs lines, nothing else. */
export function openLogFile(path: string, { maxBytes, keep }: Bound): LogFile {
  let file: number | undefined;
  let size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;

  function close() {
    // Forgotten first: by its number the next line would go into whatever is opened after it.
    const old = file;
    file = undefined;
    if (old !== undefined) closeSync(old);
  }

  function rotate() {
    close();
    for (let i = keep; i >= 1; i--) {
      const older = i === 1 ? path : `${path}.${i - 1}`;
      if (existsSync(older)) renameSync(older, `${path}.${i}`);
    }
    if (keep === 0) rmSync(path, { force: true });
    size = 0;
  }

  return {
    write(line) {
      try {
        if (size > 0 && size + line.length > maxBytes) rotate();
        file ??= openSync(path, "a", 0o600);
        size += writeSync(file, `${line}\n`);
      } catch {
        // What else could be said, and where?
      }
    },
    close,
  };
}

/** Cuts a file that somebody else appends to. */
export function boundFile(path: string, maxBytes: number): void {
  if (!existsSync(path) || statSync(path).size <= maxBytes) return;
  const file = openSync(path, "r+");
  ftruncateSync(file, 0);
  closeSync(file);
}
