import { beforeEach, expect, it } from "vitest";
import { Exec } from "../../domain/ids";
import { aDag } from "../seed";
import type { TaskWork } from "../../executor/protocol";
import type { Database } from "./database";
import type { Row, TableName } from "./rows";
import { keyOf } from "./statements";
import { judge, type Judge } from "./witness";

/* Nobody finds out what the simulation's own judge overlooks: each of its rules is broken here once. */

let tables: Partial<Record<TableName, Row[]>>;
let found: string[];
let watch: Judge;

const keys: Partial<Record<TableName, (row: Row) => string>> = {
  dag_run: keyOf.run,
  task_instance: keyOf.task,
  dag_version: (row) => `${String(row["dag_id"])}/${String(row["version"])}`,
};
const keyIn = (table: TableName, row: Row) => keys[table]?.(row) ?? String(row["id"]);
const db = {
  rows: (table: TableName) => tables[table] ?? [],
  find: (table: TableName, key: string) => tables[table]?.find((row) => keyIn(table, row) === key),
} as unknown as Database;

const RUN = { run_key: 1, run_id: "a", dag_id: "d", version: 1, intent: null, reason: "returned" };
const task = (task_id: string, state: string, exec: string | null = null): Row => ({
  ...{ run_key: 1, task_id, map_index: -1, state, exec },
});
const structure = JSON.stringify(aDag({ id: "d", tasks: { up: [], down: ["up"] } }));

beforeEach(() => {
  found = [];
  tables = {
    dag_run: [{ ...RUN, state: "running" }],
    dag_version: [{ dag_id: "d", version: 1, structure }],
    task_instance: [task("up", "success"), task("down", "success")],
    process: [{ id: "p", dead: false }],
    command: [
      { id: 1, kind: "clear_tasks", arguments: JSON.stringify({ dagId: "d", runId: "a" }) },
      { id: 2, kind: "clear_tasks", arguments: JSON.stringify({ dagId: "d", runId: "another" }) },
      { id: 3, kind: "cancel_run", arguments: JSON.stringify({ dagId: "d", runId: "a" }) },
    ],
  };
  watch = judge(
    () => db,
    (what) => found.push(what),
  );
});

const change = (table: TableName, before: Row | undefined, after: Row | undefined) => ({
  table,
  before,
  after,
});
const answers = (id: number) => ({ name: "answer_commands", text: "", values: [[id], ["{}"], "p"] });
const one = Exec.parse("00000000-0000-4000-8000-000000000001");
const other = Exec.parse("00000000-0000-4000-8000-000000000002");
const begins = (exec: Exec) => {
  watch.begins(exec, { run: { runKey: 1 }, taskId: "up", mapIndex: -1 } as unknown as TaskWork);
};

it.each([
  [[], /^I16: 1\/up\/-1 was success and became none/],
  [[answers(2)], /^I16: 1\/up/],
  [[answers(3)], /^I16: 1\/up/],
])("sees a task leave its end because of %j", (questions, what) => {
  watch.onCommit([change("task_instance", task("up", "success"), task("up", "none"))], questions);
  expect(found).toEqual([expect.stringMatching(what)]);
});

it("lets a clear of that run do so", () => {
  watch.onCommit([change("task_instance", task("up", "success"), task("up", "none"))], [answers(1)]);
  watch.onCommit([change("dag_run", { ...RUN, state: "failed" }, { ...RUN, state: "queued" })], [answers(1)]);
  expect(found).toEqual([]);
});

it("sees a run leave its end, and history written over", () => {
  watch.onCommit([change("dag_run", { ...RUN, state: "failed" }, { ...RUN, state: "running" })], []);
  watch.onCommit([change("task_attempt", { run_key: 1 }, { run_key: 1 })], []);
  expect(found).toEqual([expect.stringMatching(/^I16: run a/), expect.stringMatching(/written over/)]);
});

it.each([
  ["success", [task("up", "success"), task("down", "running")], /^I6: run a ended with 1 open/],
  ["success", [task("up", "failed"), task("down", "upstream_failed")], /^I6: run a is success/],
  ["failed", [task("up", "success"), task("down", "success")], /^I6: run a is failed/],
])("sees a run that is %s against its tasks", (state, tasks, what) => {
  tables.task_instance = tasks;
  watch.onCommit([change("dag_run", { ...RUN, state: "running" }, { ...RUN, state })], []);
  expect(found).toEqual([expect.stringMatching(what)]);
});

it("sees two attempts of a task alive, one begun twice, and one that is not the database's", () => {
  tables.task_instance = [task("up", "running", one)];
  begins(one);
  expect(found).toEqual([]);
  begins(other);
  expect(found[0]).toMatch(/^I1: two attempts/);
  expect(found[1]).toMatch(/^I1: .* was started; in the database it is/);
  found = [];
  watch.ends(one, undefined);
  begins(one);
  expect(found).toContainEqual(expect.stringMatching(/^I1: .* was started twice/));
});

it("sees a flush of a deposed process, a flush that is committed twice, a task that may not begin yet", () => {
  const fence = { name: "fence", text: "", values: ["p", 1] };
  watch.onCommit([], [fence]);
  watch.onCommit([], [fence]);
  expect(found).toEqual([expect.stringMatching(/committed twice/)]);
  tables.process = [{ id: "p", dead: true }];
  watch.onCommit([], [{ ...fence, values: ["p", 2] }]);
  expect(found[1]).toMatch(/a deposed process wrote/);
  tables.task_instance = [task("up", "running", one), task("down", "running", other)];
  watch.onCommit([change("task_instance", task("down", "scheduled"), task("down", "running", other))], []);
  expect(found[2]).toMatch(/was dispatched against/);
});
