/** A set that forgets: what was added longer ago than `keptMs` goes at the next `sweep`. */
export interface Remembered<Key> {
  add(key: Key, nowMs: number): void;
  has(key: Key): boolean;
  sweep(nowMs: number): void;
}

export function remembered<Key>(keptMs: number): Remembered<Key> {
  const since = new Map<Key, number>();
  return {
    add(key, nowMs) {
      since.delete(key);
      since.set(key, nowMs);
    },
    has: (key) => since.has(key),
    sweep(nowMs) {
      // Oldest first: a Map keeps the order in which keys were set.
      for (const [key, atMs] of since) {
        if (nowMs - atMs < keptMs) return;
        since.delete(key);
      }
    },
  };
}
