import type { DagId } from "../domain/ids";
import type { Clock } from "../platform/clock";
import { creditOf } from "./credit";
import type { Limits } from "./limits";
import type { Link } from "./link";

/** Whoever dispatched nothing for so many pings does not use the worker now. */
const USED_PINGS = 3;

export interface Schedulers {
  add(link: Link): void;
  remove(link: Link): void;
  /** It dispatched something. */
  used(link: Link): void;
  ping(dags: ReadonlySet<DagId>): void;
  /** Tells each how many attempts it may have here, if that has changed. */
  shareOut(total: number): void;
  sayGoodbye(): void;
}

export function schedulers(clock: Clock, { pingMs }: Limits): Schedulers {
  const links = new Map<Link, { usedMs: number; credit: number }>();
  /** One row of numbers for all sockets: a ping's id means nothing on another one. */
  let lastPing = 0;

  function shareOut(total: number) {
    const since = clock.monotonicMs() - USED_PINGS * pingMs;
    const users = [...links.values()].filter(({ usedMs }) => usedMs >= since).length;
    for (const [link, known] of links) {
      const credit = creditOf(total, users, known.usedMs >= since);
      if (credit === known.credit) continue;
      known.credit = credit;
      link.send({ type: "credit", attempts: credit });
    }
  }

  function pingOne(link: Link, dags: readonly DagId[]) {
    lastPing += 1;
    link.ping(lastPing, dags, links.size);
  }

  return {
    shareOut,
    add(link) {
      links.set(link, { usedMs: -Infinity, credit: -1 });
      pingOne(link, []);
    },
    remove: (link) => void links.delete(link),
    used(link) {
      const known = links.get(link);
      if (known) known.usedMs = clock.monotonicMs();
    },
    ping(dags) {
      for (const link of [...links.keys()]) pingOne(link, [...dags]);
    },
    sayGoodbye() {
      for (const link of links.keys()) {
        link.send({ type: "goodbye" });
        link.close();
      }
    },
  };
}
