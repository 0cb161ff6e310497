/** What falls due when, soonest first. A binary heap: adding and taking cost O(log n); nothing is ever looked for. */
export interface DueQueue<Item> {
  add(atMs: number, item: Item): void;
  /** Takes everything that is due, at most `limit`, soonest first. */
  take(nowMs: number, limit: number): Item[];
  nextMs(): number | undefined;
}

interface Entry<Item> {
  readonly atMs: number;
  readonly item: Item;
}

export function dueQueue<Item>(): DueQueue<Item> {
  const heap: Entry<Item>[] = [];
  const before = (a: number, b: number) => (heap[a]?.atMs ?? Infinity) < (heap[b]?.atMs ?? Infinity);

  function swap(a: number, b: number) {
    const [one, other] = [heap[a], heap[b]];
    if (one && other) [heap[a], heap[b]] = [other, one];
  }

  function rise(from: number) {
    for (let at = from; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!before(at, parent)) return;
      swap(at, parent);
      at = parent;
    }
  }

  function sink() {
    for (let at = 0; ;) {
      const left = 2 * at + 1;
      const child = before(left + 1, left) ? left + 1 : left;
      if (!before(child, at)) return;
      swap(at, child);
      at = child;
    }
  }

  function pop(): void {
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    heap[0] = last;
    sink();
  }

  return {
    add(atMs, item) {
      heap.push({ atMs, item });
      rise(heap.length - 1);
    },
    take(nowMs, limit) {
      const due: Item[] = [];
      for (let top = heap[0]; top && top.atMs <= nowMs && due.length < limit; top = heap[0]) {
        due.push(top.item);
        pop();
      }
      return due;
    },
    nextMs: () => heap[0]?.atMs,
  };
}
