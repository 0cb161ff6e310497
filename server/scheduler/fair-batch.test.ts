import fc from "fast-check";
import { expect, it } from "vitest";
import { takeFairly } from "./fair-batch";

const dagOf = (item: string) => item.slice(0, 1);
const items = (dag: string, count: number) => Array.from({ length: count }, (_, at) => `${dag}${at}`);

it("takes everything where there is room", () => {
  const queue = ["a0", "b0", "a1"];
  expect(takeFairly(queue, 8, dagOf)).toEqual(["a0", "b0", "a1"]);
  expect(queue).toEqual([]);
});

it("gives one DAG a quarter while others wait", () => {
  const queue = [...items("a", 20), "b0", "c0", "b1"];
  const batch = takeFairly(queue, 8, dagOf);
  expect(batch.slice(0, 5)).toEqual(["a0", "a1", "b0", "c0", "b1"]);
  expect(batch).toHaveLength(8); // what room is left is nobody's
  expect(queue).toEqual(items("a", 20).slice(5));
});

it("gives one DAG all of it while nobody else waits", () => {
  const queue = items("a", 20);
  expect(takeFairly(queue, 8, dagOf)).toEqual(items("a", 8));
});

it("loses nothing, keeps each DAG's order, and lets nobody wait for a storm", () => {
  const anyQueue = fc.array(fc.constantFrom("a", "a", "a", "a", "b", "c"), { maxLength: 200, size: "max" });
  const holds = fc.property(anyQueue, fc.integer({ min: 1, max: 40 }), (dags, limit) => {
    const queue = dags.map((dag, at) => `${dag}${at}`);
    const all = [...queue];
    const first = queue.findIndex((item) => dagOf(item) === "b");
    const taken: string[] = [];
    let passes = 0;
    let served: number | undefined;
    while (queue.length > 0) {
      const batch = takeFairly(queue, limit, dagOf);
      expect(batch.length).toBe(Math.min(limit, all.length - taken.length));
      passes += 1;
      if (served === undefined && batch.some((item) => dagOf(item) === "b")) served = passes;
      taken.push(...batch);
    }
    for (const dag of ["a", "b", "c"]) {
      const of = (list: readonly string[]) => list.filter((item) => dagOf(item) === dag);
      expect(of(taken)).toEqual(of(all));
    }
    // Three DAGs, a quarter each: there is always room for the first of each.
    if (first >= 0 && limit >= 4) expect(served).toBe(1);
  });
  fc.assert(holds, { numRuns: 300 });
});
