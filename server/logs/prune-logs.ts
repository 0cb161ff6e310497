import { lstat, opendir, readdir, rmdir, unlink } from "node:fs/promises";
import path from "node:path";
import { countBytes, logsBefore, type BytesByMinute, type Cutoffs } from "../domain/retention";
import type { Pace } from "../platform/pace";
import { runFolder, type RunOfLog } from "./log-path";

export interface PrunedLogs {
  readonly files: number;
  readonly bytes: number;
  /** Folders that could not be looked into; the first one's error. */
  readonly trouble?: string;
}

interface Dependencies {
  /** Whose logs are not to be touched. Asked shortly before anything is deleted. */
  readonly openRuns: () => Promise<readonly RunOfLog[]>;
  readonly pace: Pace;
}

interface LogFile {
  readonly file: string;
  readonly written: Date;
  readonly bytes: number;
}

/** Run folders between two questions for open runs. */
const BATCH = 100;

/**
 * Deletes logs that are too old, or the oldest ones if all together are too big. Logs are no rows' property: they have an
 * age of their own, and their path tells which run they are of. A run that is cleared in this very moment loses what it
 * would have lost a moment before; what its new attempts write has files of their own.
 */
export async function pruneLogs(
  root: string,
  cutoffs: Cutoffs["logs"],
  { openRuns, pace }: Dependencies,
  remove = true,
): Promise<PrunedLogs> {
  const walk = { root, pace, trouble: undefined as string | undefined };
  const minutes: BytesByMinute = new Map();
  for await (const { files } of runsWithLogs(walk)) {
    for (const { written, bytes } of files) countBytes(minutes, written, bytes);
  }
  const before = logsBefore(cutoffs, minutes);
  const gone = { files: 0, bytes: 0 };

  async function prune(batch: ReadonlyMap<string, readonly LogFile[]>) {
    await pace();
    const open = new Set((await openRuns()).map((run) => runFolder(root, run)));
    for (const [folder, files] of batch) {
      if (open.has(folder)) continue;
      for (const { file, bytes } of files) {
        // What is gone already was another scheduler's work.
        if (remove && !(await succeeds(unlink(file)))) continue;
        gone.files += 1;
        gone.bytes += bytes;
      }
      if (remove) await removeEmpty(root, files);
    }
  }

  let batch = new Map<string, readonly LogFile[]>();
  for await (const { folder, files } of before ? runsWithLogs(walk) : []) {
    const old = files.filter(({ written }) => before && written < before);
    if (old.length > 0) batch.set(folder, old);
    if (batch.size < BATCH) continue;
    await prune(batch);
    batch = new Map();
  }
  if (batch.size > 0) await prune(batch);
  return { ...gone, ...(walk.trouble === undefined ? {} : { trouble: walk.trouble }) };
}

interface Walk {
  readonly root: string;
  readonly pace: Pace;
  trouble: string | undefined;
}

/** One run after the other, so that a million of logs take no more memory than those of one. */
async function* runsWithLogs(walk: Walk) {
  for await (const dag of folders(walk, walk.root, "dag_id=")) {
    for await (const folder of folders(walk, dag, "run_id=")) {
      await walk.pace();
      yield { folder, files: await logFiles(walk, folder) };
    }
  }
}

/** Links are no folders here: nothing beyond the store is looked at. */
async function* folders(walk: Walk, parent: string, prefix: string): AsyncGenerator<string, void> {
  const entries = await opendir(parent).catch((error: unknown) => skip(walk, error));
  for await (const entry of entries ?? []) {
    if (entry.isDirectory() && entry.name.startsWith(prefix)) yield path.join(parent, entry.name);
  }
}

async function logFiles(walk: Walk, folder: string): Promise<LogFile[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => skip(walk, error));
  const found: LogFile[] = [];
  for (const entry of entries ?? []) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await logFiles(walk, file)));
    if (!entry.isFile() || !entry.name.endsWith(".log")) continue;
    const stat = await lstat(file).catch((error: unknown) => skip(walk, error));
    if (stat) found.push({ file, written: stat.mtime, bytes: stat.size });
  }
  return found;
}

/** One folder that cannot be read must not keep all others from being cleaned. */
function skip(walk: Walk, error: unknown): null {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code !== "ENOENT") walk.trouble ??= String(error);
  return null;
}

/** From the inside out. A folder that has something left stays; the store makes one that it misses anew. */
async function removeEmpty(root: string, files: readonly LogFile[]): Promise<void> {
  const parents = new Set<string>();
  for (const { file } of files) {
    for (let folder = path.dirname(file); folder !== root; folder = path.dirname(folder)) parents.add(folder);
  }
  for (const folder of [...parents].sort((a, b) => b.length - a.length)) await succeeds(rmdir(folder));
}

const succeeds = (work: Promise<void>) =>
  work.then(
    () => true,
    () => false,
  );
