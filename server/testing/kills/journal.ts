import { readFileSync } from "node:fs";
import { z } from "zod";
import { groupBy } from "../../platform/group-by";

/*
 * What tasks themselves wrote down, line by line, into one file that is only appended to: the order of its lines is the
 * order in which things happened, whatever any clock or table says.
 */
const Line = z.object({ key: z.string(), attempt: z.int(), what: z.enum(["start", "tick", "end"]) });
type Line = z.infer<typeof Line>;

export function readJournal(file: string): Line[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => Line.parse(JSON.parse(line)));
}

export interface Verdict {
  /** An attempt gave a sign of life after a later one of the same task had begun. */
  readonly overlaps: string[];
  /** One attempt that began twice. */
  readonly doubled: string[];
  /** Tasks that never came to their end. */
  readonly lost: string[];
}

export function judge(lines: readonly Line[], keys: readonly string[]): Verdict {
  const verdict: Verdict = { overlaps: [], doubled: [], lost: [] };
  const byKey = groupBy(lines, ({ key }) => key);
  for (const key of keys) {
    const ofKey = byKey.get(key) ?? [];
    if (!ofKey.some(({ what }) => what === "end")) verdict.lost.push(key);
    let newest = 0;
    for (const { attempt, what } of ofKey) {
      if (attempt < newest) verdict.overlaps.push(`${key}: attempt ${attempt} lives beside ${newest}`);
      if (what === "start" && attempt === newest) verdict.doubled.push(`${key}: attempt ${attempt}`);
      newest = Math.max(newest, attempt);
    }
  }
  return verdict;
}
