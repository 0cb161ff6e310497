/** Works on some at a time and gives the results in the order of the items, each as soon as those before it are there. */
export async function* inOrder<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<readonly [Item, Result]> {
  const waiting = [...items];
  const started: (readonly [Item, Promise<Result>])[] = [];
  let running = 0;

  function startMore() {
    while (running < atOnce) {
      const item = waiting.shift();
      if (item === undefined) return;
      running += 1;
      const done = work(item).finally(() => {
        running -= 1;
        startMore();
      });
      done.catch(() => undefined); // answered where it is awaited below
      started.push([item, done]);
    }
  }

  startMore();
  for (let i = 0; i < items.length; i += 1) {
    const next = started[i];
    if (next) yield [next[0], await next[1]];
  }
}
