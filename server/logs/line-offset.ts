import { openLog } from "./tail";

/*
 * Where to begin in a file that may be large. The end of 100 MB is found in 1 to 5 ms, line 700,000 of it in 110 to 190 (two
 * busy cores): an index that is kept (PERFORMANCE.md) pays for a reader who jumps again and again, which no command does.
 */
const CHUNK_BYTES = 256 * 1024;
const NEWLINE = 0x0a;

/** Where the last `count` whole lines begin. Reads from the end, and no more than these lines take. */
export async function offsetOfLast(file: string, count: number): Promise<number> {
  const handle = await openLog(file);
  if (!handle) return 0;
  try {
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    let ends = 0; // the end of the line before the first one that is wanted is one more
    for (let to = (await handle.stat()).size; to > 0;) {
      const from = Math.max(0, to - CHUNK_BYTES);
      const { bytesRead } = await handle.read(buffer, 0, to - from, from);
      for (let at = lastEnd(buffer, bytesRead); at >= 0; at = lastEnd(buffer, at)) {
        ends += 1;
        if (ends > count) return from + at + 1;
      }
      to = from;
    }
    return 0;
  } finally {
    await handle.close();
  }
}

/** Where line `number` begins, the first being 1; behind the last whole line if there are fewer. */
export async function offsetOfLine(file: string, number: number): Promise<number> {
  const handle = await openLog(file);
  if (!handle) return 0;
  try {
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    let begins = 0;
    let left = number - 1;
    for (let from = 0; left > 0;) {
      const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, from);
      if (bytesRead === 0) return begins;
      const read = buffer.subarray(0, bytesRead);
      for (let at = read.indexOf(NEWLINE); at >= 0 && left > 0; at = read.indexOf(NEWLINE, at + 1)) {
        begins = from + at + 1;
        left -= 1;
      }
      from += bytesRead;
    }
    return begins;
  } finally {
    await handle.close();
  }
}

/** The last line end before that place; -1: there is none. (A negative start would mean "from the end".) */
const lastEnd = (buffer: Buffer, before: number) =>
  before === 0 ? -1 : buffer.lastIndexOf(NEWLINE, before - 1);
