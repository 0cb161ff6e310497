import type { DagId } from "../domain/ids";
import type { Clock } from "../platform/clock";

export interface Deadlines {
  isOverdue(dagId: DagId): boolean;
  /** Something of it runs or waits here. */
  watch(dagId: DagId): void;
}

interface DeadlinesParts {
  readonly clock: Clock;
  readonly limitMs: number;
  readonly renewedMs: (dagId: DagId) => number | undefined;
  /** DAGs that something of runs or waits here. */
  readonly dags: () => Iterable<DagId>;
  readonly onOverdue: () => void;
}

/** Rings at the earliest moment at which some DAG has not been renewed for too long. Renewals only move it further away. */
export function deadlines({ clock, limitMs, renewedMs, dags, onOverdue }: DeadlinesParts): Deadlines {
  let armedMs = Infinity;
  let callOff = () => {};
  const limitOf = (dagId: DagId) => (renewedMs(dagId) ?? -Infinity) + limitMs;
  const isOverdue = (dagId: DagId) => clock.monotonicMs() >= limitOf(dagId);

  function ring() {
    armedMs = Infinity;
    // Looked at before: a timer may ring a moment early, and whose time is up in between is to be rung for again.
    const others = [...dags()].filter((dagId) => !isOverdue(dagId));
    onOverdue();
    for (const dagId of others) watch(dagId);
  }

  function watch(dagId: DagId) {
    const atMs = limitOf(dagId);
    if (atMs >= armedMs) return;
    callOff();
    armedMs = atMs;
    callOff = clock.wakeAfter(atMs - clock.monotonicMs(), ring);
  }

  return { isOverdue, watch };
}
