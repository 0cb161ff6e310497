import type { Pool } from "pg";
import { z } from "zod";
import { migrationState, type Migration } from "../db/migrate";
import { isProvenGone } from "../platform/process-identity";

export interface Problem {
  readonly what: string;
  readonly why: string;
}

export interface Question {
  readonly db: Pool;
  readonly migrations: readonly Migration[];
  /** Kinds of processes that must be at work. */
  readonly expects: readonly string[];
}

/** As long as others take to believe in a process's death. */
const FRESH_MS = 10_000;

const Beat = z.object({
  kind: z.string(),
  boot_id: z.string(),
  pid_namespace: z.string(),
  pid: z.number(),
  pid_start: z.string(),
  age_ms: z.number(),
});
type Beat = z.infer<typeof Beat>;

/** By the database's time: the beat of each process is its loop's progress, not its being there. */
const BEATS = `select kind, boot_id, pid_namespace, pid, pid_start,
                      (extract(epoch from clock_timestamp() - beat_at) * 1000)::float8 as age_ms
               from process where not dead and kind = any($1)`;

/** What is not as it should be; nothing when the system is at work. */
export async function findProblems({ db, migrations, expects }: Question): Promise<Problem[]> {
  try {
    const state = await migrationState(db, migrations);
    if (state.kind !== "current")
      return [{ what: "migrations", why: `The database is not current: ${state.kind}.` }];
    const { rows } = await db.query({ name: "beats", text: BEATS, values: [expects] });
    const beats = z.array(Beat).parse(rows);
    return expects.flatMap((kind) => {
      const why = whyNot(beats.filter((beat) => beat.kind === kind));
      return why === undefined ? [] : [{ what: kind, why }];
    });
  } catch {
    // The details are for the log; who asks may be anybody.
    return [{ what: "database", why: "The database does not answer." }];
  }
}

/** One live process of a kind is enough. */
function whyNot(beats: readonly Beat[]): string | undefined {
  const alive = beats.filter(
    ({ boot_id, pid_namespace, pid, pid_start }) =>
      !isProvenGone({ bootId: boot_id, pidNamespace: pid_namespace, pid, pidStart: pid_start }),
  );
  if (alive.length === 0) return "It is not running.";
  const age = Math.min(...alive.map(({ age_ms }) => age_ms));
  return age < FRESH_MS ? undefined : `Its loop has not moved for ${Math.round(age / 1_000)} s.`;
}
