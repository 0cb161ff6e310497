import { expect, it } from "vitest";
import { z } from "zod";
import { resultText } from "./result-text";
import { dag, task } from "./vane";

/*
 * What people get wrong first. Whether it is refused, with its code and place, dag.test.ts and the tests of the loader hold;
 * here stands all of what they read: what is wrong, of what, and what to do.
 */
const load = task("load", (rows: string[]) => rows);
const store = task("store", (rows: string[]) => rows);
const never = (value: unknown) => value as never;

const IDS = "Use letters, digits, _ and -, in parts joined by dots; at most 200 characters.";

// prettier-ignore
it.each<[string, () => unknown, string]>([
  ["a wrong cron line", () => dag({ id: "d", schedule: "0 25 * * *" }, () => {}), 'schedule.invalid: DAG d, schedule: "0 25 * * *" is no cron line: hours go from 0 to 23.'],
  ["a cycle", () => dag({ id: "d" }, () => { const a = load([]); const b = store(a); b.before(a); }), "dag.cycle: The tasks of DAG d wait for one another: store -> load -> store. Take one of these orders out."],
  ["a hostile DAG id", () => dag({ id: "../etc" }, () => {}), `id.invalid: "../etc" is no id for a DAG. ${IDS}`],
  ["a hostile task id", () => task("a/b\n", () => {}), `id.invalid: "a/b\\n" is no id for a task. ${IDS}`],
  ["an async body", () => dag({ id: "d" }, never(async () => Promise.resolve())), "dag.async_body: The body of DAG d is async: what it does after an await would belong to no DAG. Make it a plain function; what needs awaiting belongs in a task."],
  ["a handle used as a value", () => dag({ id: "d" }, () => { JSON.stringify(load([])); }), 'handle.used_as_value: load has no value while the graph is built. Give it to a task, take a part of it with .at("key"), or put it into a text`...` template.'],
  ["params that change", () => dag({ id: "d", params: never(z.object({ n: z.coerce.number() })) }, () => {}), "params.unsupported: DAG d, params.n: z.coerce changes what was given. Use the plain type."],
])("says of %s what is wrong, where, and what to do", (_what, body, sentence) => {
  expect(body).toThrow(sentence);
});

it("names the call that makes a second node of a task possible", () => {
  const twice = () =>
    dag({ id: "d" }, () => {
      load([]);
      load([]);
    });
  expect(twice).toThrow(/^task\.duplicate_id: .*load.*\.as\("load_2"\)/);
});

it("says of a result that is not JSON, or too much of it, which task gave it and what to do", () => {
  expect(() => resultText("load", { at: new Date(NaN), by: () => 1 })).toThrow(
    /^result\.not_json: The result of load is not JSON/,
  );
  const hundred = "x".repeat(100_000_000);
  expect(() => resultText("load", hundred)).toThrow(
    /^result\.too_big: The result of load is .* MB.* Store it \(a table, a file\) and return where it is\.$/,
  );
});
