import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { isProvenGone, ownIdentity } from "../platform/process-identity";
import { startPostgres, stopLeftover } from "../supervisor/embedded-postgres";
import { preparePostgresSeat } from "../supervisor/postgres-seat";

/*
 * The tests' own Postgres: one for a run of vitest, of the same binaries as the product's. Each lives in a folder that
 * names the run; the next run removes what a killed one left.
 */
const RUNS = join(tmpdir(), `vane-test-${process.getuid?.() ?? 0}`);

export interface TestPostgres {
  readonly url: string;
  stop(): Promise<void>;
}

interface Shared {
  vaneTestPostgres?: { users: number; readonly postgres: Promise<TestPostgres> } | undefined;
}

/** Each project's global setup is a module graph of its own, hence the place that all of them see. */
export async function shareTestPostgres(): Promise<TestPostgres> {
  const shared = globalThis as Shared;
  const use = (shared.vaneTestPostgres ??= { users: 0, postgres: startTestPostgres() });
  use.users++;
  const { url } = await use.postgres;
  return {
    url,
    async stop() {
      if (--use.users > 0) return;
      shared.vaneTestPostgres = undefined;
      await (await use.postgres).stop();
    },
  };
}

async function startTestPostgres(): Promise<TestPostgres> {
  // Root's Postgres is another user and must get through.
  mkdirSync(RUNS, { recursive: true });
  chmodSync(RUNS, 0o711);
  for (const name of readdirSync(RUNS)) await removeIfLeft(join(RUNS, name));

  const folder = join(RUNS, String(process.pid));
  mkdirSync(folder);
  chmodSync(folder, 0o711);
  writeFileSync(join(folder, "owner.json"), JSON.stringify(ownIdentity()));
  const seat = preparePostgresSeat(join(folder, "postgres"));
  const postgres = await startPostgres({ seat, password: "test", logFile: join(folder, "postgres.log") });
  return {
    url: postgres.url,
    async stop() {
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const Owner = z.object({ bootId: z.string(), pidNamespace: z.string(), pid: z.int(), pidStart: z.string() });

async function removeIfLeft(folder: string) {
  const owner = Owner.safeParse(readJson(join(folder, "owner.json")));
  if (owner.success && !isProvenGone(owner.data)) return;
  await stopLeftover(join(folder, "postgres", "data"));
  rmSync(folder, { recursive: true, force: true });
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
