import fc from "fast-check";
import type { MarkState } from "../domain/task-instance";

/*
 * What may happen to a run, as data, so that fast-check can shrink it. Numbers pick among whatever there is at that moment
 * (the n-th live task, say), so that most actions mean something whatever came before.
 */

export interface ShapeOfRun {
  /** By position: positions before it that it waits for. */
  readonly after: readonly (readonly number[])[];
  readonly retries: number;
  readonly lostRetries: number;
}

export type Action =
  | { readonly type: "start" }
  | { readonly type: "dispatch" | "started" | "timed_out" | "due"; readonly which: number }
  | {
      readonly type: "returned" | "skip_thrown" | "failed" | "failed_for_good" | "retry" | "free_retry";
      readonly which: number;
    }
  | {
      readonly type: "exited" | "worker_lost" | "interrupted" | "never_started";
      readonly which: number;
    }
  /** A word of an attempt that ended long ago. */
  | { readonly type: "stale"; readonly which: number }
  | { readonly type: "clear"; readonly which: readonly number[]; readonly downstream: boolean }
  | { readonly type: "mark"; readonly which: readonly number[]; readonly to: MarkState }
  | { readonly type: "cancel" | "run_timeout" };

export function anyShape(maxNodes: number): fc.Arbitrary<ShapeOfRun> {
  const nodes = fc
    .integer({ min: 0, max: maxNodes })
    .chain((size) =>
      fc.tuple(
        ...Array.from({ length: size }, (_, at) =>
          at === 0
            ? fc.constant<number[]>([])
            : fc.uniqueArray(fc.nat(at - 1), { maxLength: Math.min(at, 4) }),
        ),
      ),
    );
  return fc.record({ after: nodes, retries: fc.nat(2), lostRetries: fc.nat(1) });
}

const which = fc.nat(99);
const several = fc.array(which, { minLength: 1, maxLength: 3 });
const one = <Type extends string>(...types: Type[]) => fc.record({ type: fc.constantFrom(...types), which });

/** Runs mostly get on; people and faults come in between. */
export const anyAction: fc.Arbitrary<Action> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ type: "start" } as const) },
  { weight: 8, arbitrary: one("dispatch") },
  { weight: 8, arbitrary: one("returned", "returned", "returned", "failed", "skip_thrown", "exited") },
  { weight: 3, arbitrary: one("failed_for_good", "retry", "free_retry") },
  { weight: 3, arbitrary: one("worker_lost", "interrupted", "never_started") },
  { weight: 4, arbitrary: one("due", "started") },
  { weight: 2, arbitrary: one("timed_out", "stale") },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant("clear"), which: several, downstream: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("mark"),
      which: several,
      to: fc.constantFrom<MarkState>("success", "failed", "skipped"),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom({ type: "cancel" } as const, { type: "run_timeout" } as const) },
);
