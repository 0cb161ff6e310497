import { context, dag, runDomain, task } from "vane";
import { z } from "zod";
import type { PoolPrice } from "../include/features/prices";
import { fetchPages } from "../include/market";

// Demo. Fetch pages of JSON over HTTP, check them, make of them what the database wants, and write that through a stored
// procedure: three tasks, so that a failed write is repeated without fetching again.

const Price = z.object({ pool: z.string().min(1), usd: z.number().positive().nullable() });

/** One answer of the market in twenty is slow or a 500: four more attempts are plenty. */
const retrying = { retries: 4, retryDelay: "1s", retryBackoff: 2, timeout: "30s" } as const;

export const fetchPrices = task({ id: "fetch_prices", ...retrying }, async () => {
  // Prices as of the run's own time: however often and late it is repeated, it gives the same.
  const at = context().dataInterval.end.toISOString();
  return { at, prices: await fetchPages("/prices", Price, { at }) };
});

export const onlyTraded = task(
  "only_traded",
  ({ at, prices }: { at: string; prices: z.infer<typeof Price>[] }): PoolPrice[] => {
    const traded = prices.flatMap(({ pool, usd }) => (usd === null ? [] : [{ pool, at, usd }]));
    context().log.info(`${traded.length} of ${prices.length} pools were traded.`, { at });
    return traded;
  },
);

export const savePrices = runDomain
  .using({ connection: "demo_postgres" })
  .task({ id: "save_prices", ...retrying }, () => import("../include/features/prices"), "savePrices");

export default dag(
  {
    id: "demo_prices",
    description:
      "Demo: pages of JSON over HTTP, checked and written through a stored procedure, every two minutes.",
    tags: ["demo"],
    schedule: "*/2 * * * *",
    maxActiveRuns: 1,
    timeout: "5m",
  },
  () => {
    savePrices(onlyTraded(fetchPrices()));
  },
);
