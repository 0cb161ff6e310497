import { closeSync, constants, fstatSync, lstatSync, mkdirSync, openSync, writeSync } from "node:fs";
import path from "node:path";
import type { Clock } from "../platform/clock";
import { renderLines } from "./log-line";
import { logPath, type LogKey } from "./log-path";

export interface AttemptLog {
  /** Makes the file now, when there is time, rather than at the first flush. Without it that comes later. */
  readonly prepare: () => void;
  /** JSON text without its line end. */
  write(line: string): void;
  /** Writes what is still waiting and lets go of the file. */
  end(): LogEnd;
}

export interface LogEnd {
  /** Size of the file. */
  readonly bytes: number;
  /** Lines are missing: the disk was full, or the file could not be opened. */
  readonly truncated: boolean;
}

export interface LogStore {
  open(key: LogKey): AttemptLog;
}

const { O_WRONLY, O_CREAT, O_APPEND, O_NOFOLLOW } = constants;
const FLUSH_BYTES = 64 * 1024;
/** Whoever follows a log sees a line this late at most. */
const FLUSH_MS = 40;
const MAX_KNOWN_FOLDERS = 20_000;

/**
 * Log files of attempts. Writing is synchronous: a small attempt costs one open (100 us on ext4, for the new file), one
 * write, one close; the same through promises costs the thread pool's round trips.
 */
export function logStore(root: string, clock: Clock): LogStore {
  const known = new Set<string>();

  function makeFolder(folder: string): void {
    if (known.has(folder)) return;
    if (folder !== root) makeFolder(path.dirname(folder));
    try {
      mkdirSync(folder, { mode: 0o700, recursive: folder === root });
    } catch (error) {
      // A link that somebody put there would lead our writes out of the store.
      if (codeOf(error) !== "EEXIST" || !lstatSync(folder).isDirectory()) throw error;
    }
    if (known.size >= MAX_KNOWN_FOLDERS) known.clear();
    known.add(folder);
  }

  function openFile(file: string): number {
    const flags = O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW;
    makeFolder(path.dirname(file));
    try {
      return openSync(file, flags, 0o600);
    } catch (error) {
      if (codeOf(error) !== "ENOENT") throw error;
      known.clear(); // retention removed the folder
      makeFolder(path.dirname(file));
      return openSync(file, flags, 0o600);
    }
  }

  return { open: (key) => attemptLog(() => openFile(logPath(root, key)), clock) };
}

function attemptLog(openFile: () => number, clock: Clock): AttemptLog {
  let fd: number | undefined;
  let waiting: string[] = [];
  let waitingBytes = 0;
  let lostLines = 0;
  let truncated = false;
  let callOff: (() => void) | undefined;

  function flush() {
    callOff?.();
    callOff = undefined;
    if (waiting.length === 0) return;
    const lines = waiting;
    waiting = [];
    waitingBytes = 0;
    try {
      fd ??= openFile();
      const missing = lostLines > 0 ? ["", ...renderLines("vane", "warn", gap(lostLines))] : [];
      writeAll(fd, Buffer.from(`${[...missing, ...lines].join("\n")}\n`));
      lostLines = 0;
    } catch {
      // A full disk ends no task: the log says what it lost as soon as it can, the report says it at once.
      lostLines += lines.length;
      truncated = true;
    }
  }

  return {
    prepare() {
      try {
        fd ??= openFile();
      } catch {
        // Told when there is something to write.
      }
    },
    write(line) {
      waiting.push(line);
      waitingBytes += line.length;
      if (waitingBytes >= FLUSH_BYTES) flush();
      else callOff ??= clock.wakeAfter(FLUSH_MS, flush);
    },
    end() {
      flush();
      if (fd === undefined) return { bytes: 0, truncated };
      const bytes = fstatSync(fd).size;
      closeSync(fd);
      fd = undefined;
      return { bytes, truncated };
    },
  };
}

const gap = (lines: number) =>
  `${lines} or more lines are missing here: they could not be written to the disk.`;

function writeAll(fd: number, data: Buffer): void {
  for (let from = 0; from < data.length; from += writeSync(fd, data, from));
}

const codeOf = (error: unknown) => (error instanceof Error && "code" in error ? error.code : undefined);
