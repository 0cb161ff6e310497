import { UnreadableRow } from "../db/sql/statement";
import type { Engine } from "./engine";

/** For reads that a decision waits for, however long the database is away. Rejects with `UnreadableRow` at once. */
export async function persistently<T>(engine: Engine, read: () => Promise<T>): Promise<T> {
  const { clock, log } = engine;
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (engine.stopped || error instanceof UnreadableRow) throw error;
      log.warn({ error: String(error) }, "Cannot read from the database; trying again");
      await new Promise<void>((resolve) => void clock.wakeAfter(200, resolve));
    }
  }
}
