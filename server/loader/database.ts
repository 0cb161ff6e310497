import { DatabaseError, type Client } from "pg";
import { connectClient } from "../db/pool";
import type { Clock } from "../platform/clock";
import type { Log } from "../platform/log";

/** One connection that survives Postgres: work waits for it, in its order, and is done again if it broke in between. */
export interface Database {
  /**
   * The work must be safe to repeat. Rejects with what Postgres has against its data, and once closed.
   */
  run<T>(work: (client: Client) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

export function openDatabase(databaseUrl: string, clock: Clock, log: Log): Database {
  let client: Client | undefined;
  let closed = false;
  let endPause = () => {};
  let last: Promise<unknown> = Promise.resolve();

  async function drop() {
    const broken = client;
    client = undefined;
    await broken?.end().catch(() => undefined);
  }

  async function persist<T>(work: (client: Client) => Promise<T>): Promise<T> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      if (closed) throw new Error("The loader's connection is closed.");
      try {
        client ??= await connectClient(databaseUrl, { name: "loader" });
        return await work(client);
      } catch (error) {
        if (isAboutData(error)) throw error;
        log.warn({ error }, "Postgres does not answer the loader; it tries again.");
        await drop();
        await new Promise<void>((resolve) => {
          const callOff = clock.wakeAfter(pauseMs, resolve);
          endPause = () => {
            callOff();
            resolve();
          };
        });
      }
    }
  }

  return {
    run(work) {
      const done = last.then(() => persist(work));
      last = done.catch(() => undefined);
      return done;
    },
    async close() {
      closed = true;
      endPause();
      await last;
      await drop();
    },
  };
}

/** Sent again it would fail again: wrong data, a broken rule, something that does not exist (ENGINE section 1.5). */
const isAboutData = (error: unknown) => {
  if (!(error instanceof DatabaseError)) return !(error instanceof Error) || isBug(error);
  return ["22", "23", "42", "54"].some((sqlClass) => error.code?.startsWith(sqlClass));
};

const isBug = (error: Error) => error instanceof TypeError || error.name === "ZodError";
