import { z } from "zod";
import type { Clock } from "../platform/clock";
import type { Answer } from "./answer";
import { faultAt } from "./faults";
import { locks, pools, prices } from "./market-data";

interface Options {
  readonly seed: number;
  readonly clock: Clock;
}

const PAGE_SIZE = 100;
const MINUTE_MS = 60_000;

const Page = z.object({ page: z.coerce.number().int().min(1).default(1) });
const PriceQuery = Page.extend({ at: z.iso.datetime({ offset: true }).optional() });
const LockQuery = z.object({
  cursor: z
    .string()
    .regex(/^\d{1,6}$/)
    .default("0"),
});

/**
 * The API that the demo's DAGs fetch from:
 *
 *   GET /pools?page=1              { data, page, pages }
 *   GET /prices?page=1&at=<time>   { data, page, pages, at }; without `at`: as of this minute
 *   GET /locks?cursor=<next>       { data, next }; next: null at the end
 *
 * One answer in twenty is slow or a 500.
 */
export function market({ seed, clock }: Options) {
  const asked = new Map<string, number>();

  function answer(path: Path, query: object): Answer {
    switch (path) {
      case "/pools":
        return found(Page.safeParse(query), ({ page }) => numberedPage(pools(), page));
      case "/prices":
        return found(PriceQuery.safeParse(query), ({ page, at }) => {
          const minute = Math.floor((at ? Date.parse(at) : clock.now().getTime()) / MINUTE_MS) * MINUTE_MS;
          const time = new Date(minute);
          return { ...numberedPage(prices(time), page), at: time.toISOString() };
        });
      case "/locks":
        return found(LockQuery.safeParse(query), ({ cursor }) => {
          const [all, from] = [locks(), Number(cursor)];
          const end = from + PAGE_SIZE;
          return { data: all.slice(from, end), next: end < all.length ? String(end) : null };
        });
    }
  }

  return async (url: URL): Promise<Answer> => {
    const path = url.pathname;
    if (!isPath(path)) return { status: 404, body: { error: `There is ${PATHS.join(", ")}.` } };
    const n = asked.get(path) ?? 0;
    asked.set(path, n + 1);
    const fault = faultAt(seed, path, n);
    if (fault.kind === "error") return { status: 500, body: { error: "The market stumbled. Ask again." } };
    if (fault.kind === "slow") {
      await new Promise<void>((resolve) => clock.wakeAfter(fault.delayMs, resolve));
    }
    return answer(path, Object.fromEntries(url.searchParams));
  };
}

const PATHS = ["/pools", "/prices", "/locks"] as const;
type Path = (typeof PATHS)[number];
const isPath = (path: string): path is Path => PATHS.some((known) => known === path);

function found<Query>(parsed: z.ZodSafeParseResult<Query>, body: (query: Query) => object): Answer {
  if (parsed.success) return { status: 200, body: body(parsed.data) };
  const issue = parsed.error.issues[0];
  return {
    status: 400,
    body: { error: `${issue?.path.join(".") ?? "query"}: ${issue?.message ?? "wrong"}` },
  };
}

/** A page past the end is empty. */
const numberedPage = <Row>(rows: readonly Row[], page: number) => ({
  data: rows.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE),
  page,
  pages: Math.ceil(rows.length / PAGE_SIZE),
});
