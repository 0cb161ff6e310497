/**
 * Takes a batch off a queue: of one key no more than a quarter while others wait, so that a storm of one DAG delays nobody
 * else. What is of one key keeps its order.
 */
export function takeFairly<Item>(queue: Item[], limit: number, keyOf: (item: Item) => string): Item[] {
  if (queue.length <= limit) return queue.splice(0);
  const quarter = Math.ceil(limit / 4);
  const counts = new Map<string, number>();
  const batch: Item[] = [];
  const rest: Item[] = [];
  for (const item of queue) {
    const key = keyOf(item);
    const count = counts.get(key) ?? 0;
    if (batch.length >= limit || count >= quarter) {
      rest.push(item);
      continue;
    }
    counts.set(key, count + 1);
    batch.push(item);
  }
  // Nobody else waits: then the quarter is no limit.
  batch.push(...rest.splice(0, limit - batch.length));
  queue.length = 0;
  for (const item of rest) queue.push(item);
  return batch;
}
