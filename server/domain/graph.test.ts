import fc from "fast-check";
import { expect, it } from "vitest";
import { aGraph } from "../testing/tasks";
import { findCycle } from "./graph";

/** Any edges at all between up to 12 nodes, self-edges included. */
const anyTasks = fc
  .integer({ min: 1, max: 12 })
  .chain((size) => fc.array(fc.subarray([...Array(size).keys()]), { minLength: size, maxLength: size }))
  .map((after) => Object.fromEntries(after.map((above, at) => [`t${at}`, above.map((up) => `t${up}`)])));

it("knows both directions and the leaves", () => {
  const graph = aGraph({ a: [], b: ["a"], c: ["a"], d: ["b", "c"], alone: [] });
  expect(graph.upstream).toEqual([[], [0], [0], [1, 2], []]);
  expect(graph.downstream).toEqual([[1, 2], [3], [3], [], []]);
  expect(graph.leaves).toEqual([3, 4]);
});

it("refuses an edge from nowhere", () => {
  expect(() => aGraph({ a: ["gone"] })).toThrow("A node comes after gone, which the DAG does not have.");
});

it.each([
  [{ a: ["a"] }, [0]],
  [{ a: ["b"], b: ["a"] }, [0, 1]],
  // What lies behind a cycle is not part of it.
  [{ a: [], b: ["a", "d"], c: ["b"], d: ["c"], e: ["d"] }, [1, 2, 3]],
])("finds the cycle of %j", (tasks, cycle) => {
  expect([...(findCycle(aGraph(tasks)) ?? [])].sort()).toEqual(cycle);
});

it("names a cycle edge by edge, or there is an order in which all can run", () => {
  const holds = fc.property(anyTasks, (tasks) => {
    const graph = aGraph(tasks);
    const cycle = findCycle(graph);
    if (cycle) {
      expect(new Set(cycle).size).toBe(cycle.length);
      cycle.forEach((at, i) => {
        expect(graph.upstream[at]).toContain(cycle.at(i - 1));
      });
      return;
    }
    const done = new Set<number>();
    for (const [round] of graph.nodes.entries()) {
      graph.upstream.forEach((above, at) => {
        if (above.every((up) => done.has(up))) done.add(at);
      });
      if (done.size === graph.nodes.length) return;
      expect(done.size).toBeGreaterThan(round);
    }
  });
  fc.assert(holds, { numRuns: 500 });
});
