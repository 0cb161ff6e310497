/** Chance that can be had again: the same seed gives the same row of numbers. */
export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number;
  below(n: number): number;
  chance(probability: number): boolean;
  /** Milliseconds, say. Small ones are as likely as great ones: half of them lie below the geometric mean. */
  between(from: number, to: number): number;
  pick<T>(list: readonly T[]): T | undefined;
  uuid(): string;
}

/** mulberry32: 32 bits of state are plenty to choose among faults. */
export function seeded(seed: number): Random {
  let state = Math.imul(seed, 0x9e3779b1) ^ 0x5bf03635;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n: number) => Math.floor(next() * n);
  const hex = (digits: number) => Array.from({ length: digits }, () => below(16).toString(16)).join("");
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    between: (from, to) => Math.round(from * (to / from) ** next()),
    pick: (list) => list[below(list.length)],
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`,
  };
}
