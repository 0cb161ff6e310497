import { opendir, rm } from "node:fs/promises";
import path from "node:path";
import { RunKey } from "../domain/ids";
import type { Pace } from "../platform/pace";

interface Dependencies {
  /** Which of these runs the database has. */
  readonly known: (runKeys: readonly RunKey[]) => Promise<readonly RunKey[]>;
  readonly pace: Pace;
}

const BATCH = 500;

/**
 * Deletes stored results (worker/objects.ts) of runs whose rows are gone, and counts the runs. Rows go first: dying in
 * between leaves files that the next pass finds, where the other way round a run would have results that lead nowhere.
 * A key is never used again, so that nobody can be about to write there.
 *
 * @param keyBefore of a run that is younger no row is gone with age: it is of another database.
 */
export async function pruneObjects(
  root: string,
  keyBefore: RunKey,
  { known, pace }: Dependencies,
  remove = true,
): Promise<number> {
  let gone = 0;
  async function prune(batch: readonly RunKey[]) {
    const kept = new Set(await known(batch));
    for (const key of batch.filter((one) => !kept.has(one))) {
      await pace();
      if (remove) await rm(path.join(root, String(key)), { recursive: true, force: true });
      gone += 1;
    }
  }

  let batch: RunKey[] = [];
  const entries = await opendir(root).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  });
  for await (const { name } of entries) {
    const key = /^[1-9]\d*$/.test(name) ? RunKey.safeParse(Number(name)).data : undefined;
    if (key !== undefined && key < keyBefore) batch.push(key);
    if (batch.length < BATCH) continue;
    await prune(batch);
    batch = [];
  }
  if (batch.length > 0) await prune(batch);
  return gone;
}
