import { context, dag, runDomain, task } from "vane";
import { z } from "zod";
import { fetchByCursor } from "../include/market";

// Demo. HTTP and a function of the product in one task: nothing in between is worth keeping, and a retry does both again.

const RawLock = z.object({
  id: z.string().min(1),
  owner: z.string().regex(/^0x[0-9a-f]{40}$/),
  amount: z.string().regex(/^\d+(\.\d+)?$/),
  unlocksAt: z.iso.datetime(),
});

const inDemoDatabase = runDomain.using({ connection: "demo_postgres" });

export const syncLocks = task({ id: "sync_locks", retries: 4, retryDelay: "2s", timeout: "1m" }, async () => {
  const raw = await fetchByCursor("/locks", RawLock);
  const locks = raw.map((lock) => ({ ...lock, amount: Number(lock.amount) }));
  const result = await inDemoDatabase(() => import("../include/features/aerodrome"), "syncLocks", locks);
  context().log.info(`${locks.length} locks: ${result.changed} changed, ${result.removed} removed.`);
  return result;
});

export default dag(
  {
    id: "demo_locks",
    description: "Demo: fetches locks and hands them to a function of the product, every two minutes.",
    tags: ["demo"],
    schedule: "1-59/2 * * * *",
    maxActiveRuns: 1,
  },
  () => {
    syncLocks();
  },
);
