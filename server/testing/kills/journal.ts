import { z } from "zod";
import { groupBy } from "../../platform/group-by";

/*
 * What tasks themselves wrote down, line by line, into one file that is only appended to: the order of its lines is the
 * order in which things happened, whatever any clock or table says.
 */
const Line = z.object({ key: z.string(), attempt: z.int(), what: z.enum(["start", "tick", "end"]) });
type Line = z.infer<typeof Line>;

export function readJournal(text: string): Line[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => Line.parse(JSON.parse(line)));
}

/** What the database says became of an attempt. */
export interface Recorded {
  readonly key: string;
  readonly attempt: number;
  readonly state: string;
}

export interface Verdict {
  /** An attempt gave a sign of life after a later one of the same task had begun. */
  readonly overlaps: string[];
  /** One attempt that began twice, or a second success of one task. */
  readonly doubled: string[];
  /** Tasks that never came to their end, and attempts that stand in no history. */
  readonly lost: string[];
  /** Attempts that are a success in the database and have not seen their own end. */
  readonly unfounded: string[];
}

export function judge(
  lines: readonly Line[],
  keys: readonly string[],
  history: readonly Recorded[],
): Verdict {
  const verdict: Verdict = { overlaps: [], doubled: [], lost: [], unfounded: [] };
  const linesOf = groupBy(lines, ({ key }) => key);
  const historyOf = groupBy(history, ({ key }) => key);
  for (const key of keys) judgeOne(verdict, key, linesOf.get(key) ?? [], historyOf.get(key) ?? []);
  return verdict;
}

function judgeOne(verdict: Verdict, key: string, lines: readonly Line[], history: readonly Recorded[]) {
  let newest = 0;
  for (const { attempt, what } of lines) {
    if (attempt < newest) verdict.overlaps.push(`${key}: attempt ${attempt} lives beside ${newest}`);
    if (what === "start" && attempt === newest) verdict.doubled.push(`${key}: attempt ${attempt}`);
    newest = Math.max(newest, attempt);
  }
  const recorded = new Set(history.map(({ attempt }) => attempt));
  for (const { attempt, what } of lines) {
    if (what === "start" && !recorded.has(attempt)) verdict.lost.push(`${key}: attempt ${attempt}`);
  }
  const successes = history.filter(({ state }) => state === "success");
  if (successes.length === 0) verdict.lost.push(key);
  if (successes.length > 1) verdict.doubled.push(`${key}: ${successes.length} successes`);
  for (const { attempt } of successes) {
    const ended = lines.some((line) => line.attempt === attempt && line.what === "end");
    if (!ended) verdict.unfounded.push(`${key}: attempt ${attempt}`);
  }
}
