import { createHash } from "node:crypto";

/*
 * A market that does not exist. Everything is computed from the number of a pool or a lock and from the time asked for,
 * so that nothing is kept, and whoever asks again is told the same.
 */

interface Pool {
  readonly id: string;
  readonly symbol: string;
  readonly chain: string;
}

interface Price {
  readonly pool: string;
  /** null: not traded at that time. */
  readonly usd: number | null;
}

interface Lock {
  readonly id: string;
  readonly owner: string;
  /** As text: tokens have more digits than a number holds. */
  readonly amount: string;
  readonly unlocksAt: string;
}

const POOLS = 250;
const LOCKS = 230;
const OWNERS = 40;
/** Every so many pools are asleep. */
const ASLEEP_EVERY = 40;

const CHAINS = ["base", "op"];
const TOKENS = ["WETH", "USDC", "AERO", "cbBTC", "DAI", "VELO", "wstETH"];
const MINUTE_MS = 60_000;
const YEAR_MS = 365 * 86_400_000;
const FIRST_UNLOCK_MS = Date.UTC(2027, 0, 1);

export const pools = (): Pool[] =>
  Array.from({ length: POOLS }, (_, n) => ({
    id: poolId(n),
    symbol: `${pick(TOKENS, n)}/${pick(TOKENS, n + 1 + Math.floor(n / TOKENS.length))}`,
    chain: pick(CHAINS, n),
  }));

/** As of a minute. They swing by a few per cent, each pool at a pace of its own. */
export function prices(at: Date): Price[] {
  const minute = Math.floor(at.getTime() / MINUTE_MS);
  return Array.from({ length: POOLS }, (_, n) => {
    if (n % ASLEEP_EVERY === ASLEEP_EVERY - 1) return { pool: poolId(n), usd: null };
    const usual = 10 ** (4 * dice("price", n) - 1);
    const swing = 1 + 0.05 * Math.sin((minute / (60 + n)) * 2 * Math.PI);
    return { pool: poolId(n), usd: Number((usual * swing).toFixed(6)) };
  });
}

export const locks = (): Lock[] =>
  Array.from({ length: LOCKS }, (_, n) => ({
    id: `lock_${numbered(n)}`,
    owner: `0x${hash("owner", Math.floor(dice("owner", n) * OWNERS))
      .toString("hex")
      .slice(0, 40)}`,
    amount: (100 + 9_900 * dice("amount", n)).toFixed(2),
    unlocksAt: new Date(FIRST_UNLOCK_MS + Math.floor(dice("unlock", n) * 3 * YEAR_MS)).toISOString(),
  }));

const numbered = (n: number) => String(n + 1).padStart(3, "0");
const poolId = (n: number) => `pool_${numbered(n)}`;
const hash = (what: string, n: number) => createHash("sha256").update(`${what} ${n}`).digest();
/** From 0 to 1. */
const dice = (what: string, n: number) => hash(what, n).readUInt32BE(0) / 2 ** 32;
const pick = <T>(from: readonly T[], n: number) => from[n % from.length] as T;
