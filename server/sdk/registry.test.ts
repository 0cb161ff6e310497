import { afterAll, expect, it } from "vitest";
import { beginLoad, dagsOf } from "./registry";
import { dag, task } from "./vane";

beginLoad();
const used = task("used", () => {});
const derived = task("derived", () => {});
task("forgotten", () => {});
const make = (id: string) =>
  dag({ id }, () => {
    used();
    derived.as("another")();
  });
const [one, two, three, four] = ["one", "two", "three", "four"].map(make);
make("lost");
afterAll(beginLoad);

it("finds DAGs by default, by name, in a list or record, each once", () => {
  const { dags } = dagsOf({
    default: one,
    two,
    again: two,
    list: [three, 5, null],
    record: { four },
    other: "text",
  });
  expect(dags.map(({ exportName, inside }) => [exportName, inside.id])).toEqual([
    ["default", "one"],
    ["two", "two"],
    ["list", "three"],
    ["record", "four"],
  ]);
  expect(dagsOf(one).dags).toHaveLength(1); // module.exports = dag(...)
  expect(dagsOf(undefined).dags).toEqual([]);
});

it("warns of what is made and not exported, and of what is defined and never called", () => {
  const { warnings } = dagsOf({ one, two, three, four });
  expect(warnings.map(({ code, sentence }) => [code, sentence.split(" is ")[0]])).toEqual([
    ["dag.not_exported", "DAG lost"],
    ["task.never_called", "Task forgotten"],
  ]);
  for (const { stack } of warnings) expect(stack.split("\n")[1]).toContain("registry.test.ts");
});

it("refuses two DAGs with one id", () => {
  expect(() => dagsOf({ one, other: make("one") })).toThrow(
    "dag.duplicate_id: This file has two DAGs called one.",
  );
});
