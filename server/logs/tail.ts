import { watch } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { constants } from "node:fs";
import path from "node:path";
import { VaneError } from "../platform/errors";

const CHUNK_BYTES = 256 * 1024;
/** The net under fs.watch, which some file systems answer with silence. */
const LOOK_MS = 500;
const NEWLINE = 0x0a;

export interface LogRange {
  /** Whole lines, JSON text each. */
  readonly lines: readonly string[];
  /** Where the next read begins: after the last whole line. */
  readonly nextOffset: number;
}

/** The whole lines that begin at `offset`, about `maxBytes` of them. A file that does not exist yet has none. */
export async function readLog(file: string, offset = 0, maxBytes = CHUNK_BYTES): Promise<LogRange> {
  const handle = await openLog(file);
  if (!handle) return { lines: [], nextOffset: offset };
  try {
    for (let bytes = maxBytes; ; bytes *= 2) {
      const buffer = Buffer.allocUnsafe(bytes);
      const { bytesRead } = await handle.read(buffer, 0, bytes, offset);
      const end = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1;
      // A line longer than the range: the range grows. A line without its end: it is still being written.
      if (end === 0 && bytesRead === bytes) continue;
      const text = buffer.toString("utf8", 0, Math.max(end - 1, 0));
      return { lines: end > 1 ? text.split("\n").filter(Boolean) : [], nextOffset: offset + end };
    }
  } finally {
    await handle.close();
  }
}

/**
 * Lines as they are written, in batches, from `offset` on. Ends when `ended` is aborted (the attempt is over) and all
 * that stood in the file by then has been given.
 */
export async function* followLog(
  file: string,
  ended: AbortSignal,
  offset = 0,
): AsyncGenerator<readonly string[], void> {
  for (let from = offset; ;) {
    const wasEnded = ended.aborted;
    const changed = changeOf(file, ended);
    try {
      const { lines, nextOffset } = await readLog(file, from);
      from = nextOffset;
      if (lines.length > 0) yield lines;
      else if (wasEnded) return;
      else await changed.happened;
    } finally {
      changed.callOff();
    }
  }
}

/** Watched from before the read, so that a write between the two is not missed. */
function changeOf(file: string, ended: AbortSignal) {
  let callOff = () => {};
  const happened = new Promise<void>((resolve) => {
    const done = () => {
      resolve();
    };
    const timer = setTimeout(done, LOOK_MS);
    const watcher = watcherOf(file, done) ?? watcherOf(path.dirname(file), done);
    ended.addEventListener("abort", done, { once: true });
    callOff = () => {
      clearTimeout(timer);
      watcher?.close();
      ended.removeEventListener("abort", done);
    };
  });
  return {
    happened,
    callOff: () => {
      callOff();
    },
  };
}

function watcherOf(target: string, changed: () => void) {
  try {
    return watch(target, { persistent: false }, changed).on("error", changed);
  } catch {
    return undefined; // not there yet: its folder is watched instead, and then looked at now and again
  }
}

/** Undefined: it is not there. Rejects with a sentence when it may not be read. */
export async function openLog(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT") return undefined;
    const why = code === "ELOOP" ? "it is a link, and Vane follows none" : String(error);
    throw new VaneError(
      "log.not_found",
      `The log ${file} cannot be read: ${why}. Look at what stands there.`,
      { cause: error },
    );
  }
}
