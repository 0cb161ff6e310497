import { context, dag, runDomain, task } from "vane";
import { z } from "zod";
import type { HourlyClose } from "../include/features/prices";
import { fetchPages } from "../include/market";

// Demo. A job with a past: its first start makes up for the last six hours, oldest first, and so does each start after a
// pause. Each run works for the hour that it stands for, never for "now", so that late is as good as in time.

const Price = z.object({ pool: z.string(), usd: z.number().positive().nullable() });

export const fetchClose = task(
  { id: "fetch_close", retries: 4, retryDelay: "2s", timeout: "1m" },
  async (): Promise<HourlyClose> => {
    const hour = context().dataInterval.end.toISOString();
    const prices = (await fetchPages("/prices", Price, { at: hour })).flatMap(({ usd }) => usd ?? []);
    const average = prices.reduce((sum, usd) => sum + usd, 0) / Math.max(prices.length, 1);
    return { hour, pools: prices.length, average: Number(average.toFixed(6)) };
  },
);

export const saveClose = runDomain
  .using({ connection: "demo_postgres" })
  .task({ id: "save_close", timeout: "30s" }, () => import("../include/features/prices"), "saveClose");

export default dag(
  {
    id: "demo_hourly_close",
    description: "Demo: an hourly job in a time zone that makes up for the six hours before.",
    tags: ["demo"],
    schedule: "@hourly",
    timezone: "Europe/Berlin",
    start: "2026-11-01",
    catchup: { window: "6h" },
    maxActiveRuns: 2,
  },
  () => {
    saveClose(fetchClose());
  },
);
