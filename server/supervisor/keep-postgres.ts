import { Client } from "pg";
import type { Clock } from "../platform/clock";
import { startPostgres, stopLeftover, withDatabase, type EmbeddedPostgres } from "./embedded-postgres";
import { boundFile } from "./log-file";
import type { PostgresPlace } from "./postgres-place";
import { join } from "node:path";

const DATABASE = "vane";
const MAX_LOG_BYTES = 10_000_000;
const LOOK_AT_LOG_MS = 600_000;

export interface KeptPostgres {
  readonly url: string;
  stop(): Promise<void>;
  kill(): void;
}

interface Surroundings {
  readonly clock: Clock;
  readonly logFile: string;
  readonly onExit: () => void;
  readonly onTrouble: (error: unknown) => void;
}

/** A Postgres that comes back at the same address when it falls. */
export async function keepPostgres(
  { seat, password }: PostgresPlace,
  { clock, logFile, onExit, onTrouble }: Surroundings,
): Promise<KeptPostgres> {
  let stopping = false;
  let postgres: EmbeddedPostgres;
  let restarting: Promise<void> = Promise.resolve();
  boundFile(logFile, MAX_LOG_BYTES);
  postgres = await startPostgres({ seat, password, logFile });
  const { port } = postgres;
  watch();
  const url = await ensureDatabase(postgres.url);

  function watch() {
    void postgres.exited.then(() => {
      if (stopping) return;
      onExit();
      restarting = restart();
    });
  }

  async function restart(): Promise<void> {
    try {
      const again = await startPostgres({ seat, password, logFile, port });
      postgres = again;
      if (stopping) await again.stop();
      else watch();
    } catch (error) {
      onTrouble(error);
      await new Promise<void>((resolve) => clock.wakeAfter(1_000, resolve));
      if (!stopping) await restart();
    }
  }

  let callOff = () => {};
  const look = () => {
    boundFile(logFile, MAX_LOG_BYTES);
    callOff = clock.wakeAfter(LOOK_AT_LOG_MS, look);
  };
  look();

  return {
    url,
    kill() {
      stopping = true;
      postgres.kill();
    },
    async stop() {
      stopping = true;
      callOff();
      await restarting;
      await postgres.stop();
      await stopLeftover(join(seat.folder, "data"));
    },
  };
}

async function ensureDatabase(url: string): Promise<string> {
  const admin = new Client({ connectionString: url });
  await admin.connect();
  try {
    const found = await admin.query("select from pg_database where datname = $1", [DATABASE]);
    if (found.rowCount === 0) await admin.query(`create database ${DATABASE}`);
  } finally {
    await admin.end();
  }
  return withDatabase(url, DATABASE);
}
