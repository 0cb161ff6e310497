import fc from "fast-check";
import { expect, it } from "vitest";
import { DagId } from "../domain/ids";
import { EVERYBODY, suspects, type Scope } from "./suspects";

const ids = (count: number) => Array.from({ length: count }, (_, at) => DagId.parse(`dag_${at}`));
const of = (scope: Scope, all: readonly DagId[]) => all.filter((dagId) => scope.includes(dagId));

it("suspects nobody while nothing is refused", () => {
  const known = suspects();
  expect(known.any).toBe(false);
  expect(known.nextScope()).toBe(EVERYBODY);
});

it("lets everybody else go on between two tries", () => {
  const known = suspects();
  const all = ids(6);
  known.refused(EVERYBODY, all.slice(0, 4));
  const seen = [known.nextScope(), known.nextScope(), known.nextScope()].map(
    (scope) => of(scope, all).length,
  );
  expect(seen).toEqual([2, 2, 2]); // the others, the first half, the others
  expect(known.has(DagId.parse("dag_0"))).toBe(true);
  expect(known.has(DagId.parse("dag_5"))).toBe(false);
});

it("finds those that are to blame, alone, in a number of flushes that grows with the logarithm", () => {
  const given = fc.record({
    count: fc.integer({ min: 1, max: 200 }),
    bad: fc.array(fc.integer({ min: 0, max: 199 }), { minLength: 1, maxLength: 3 }),
  });
  const holds = fc.property(given, ({ count, bad }) => {
    const all = ids(count);
    const guilty = new Set(bad.map((at) => all[at % count]));
    const known = suspects();
    const found = new Set<DagId>();
    known.refused(EVERYBODY, all);
    let tries = 0;
    while (known.any) {
      const scope = known.nextScope();
      const tried = of(scope, all);
      if (!scope.alone && tried.length === 0) continue;
      tries += 1;
      if (!tried.some((dagId) => guilty.has(dagId) && !found.has(dagId))) known.cleared(scope, false);
      else if (scope.strikes < 1) known.refused(scope, tried);
      else {
        for (const dagId of tried) {
          found.add(dagId);
          known.drop(dagId);
        }
      }
    }
    expect(found).toEqual(guilty);
    expect(tries).toBeLessThanOrEqual(4 * guilty.size * (Math.ceil(Math.log2(count)) + 3));
  });
  fc.assert(holds);
});

it("trusts one that was refused once after some good flushes, however much it has to do", () => {
  const known = suspects();
  known.refused(EVERYBODY, ids(1));
  let flushes = 0;
  while (known.any) {
    const scope = known.nextScope();
    if (scope.alone) flushes += 1;
    known.cleared(scope, true);
  }
  expect(flushes).toBeGreaterThan(1);
  expect(flushes).toBeLessThan(50);
});
