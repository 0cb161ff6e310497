import { expect, it } from "vitest";
import { compareRuns, Expected, type RunLine } from "./compare";

const now = new Date("2026-11-25T10:20:30Z");
const expected = Expected.parse({
  sync: { ends: "success", everyMinutes: 5 },
  closes: { ends: "success", atLeast: 2 },
  broken: { ends: "failed", everyMinutes: 10, alerts: true },
});

const at = (minute: number) => new Date(Date.parse("2026-11-25T10:00:00Z") + minute * 60_000).toISOString();
const run = (dag_id: string, minute: number, state: string): RunLine => ({
  dag_id,
  run_id: `scheduled__${at(minute)}`,
  state,
  queued_at: at(minute),
  end_date: state === "running" ? null : at(minute),
});
const alert = (dagId: string, minute: number) => ({
  ...{ message_id: 1, date: at(minute), chat_id: "1" },
  text: `Failed: ${dagId}\nRun: scheduled__${at(minute)}`,
});

const good = [
  ...[5, 10, 15].map((minute) => run("sync", minute, "success")),
  run("sync", 20, "running"),
  // Long ago, and yet they count: a restart does not make up for them twice.
  ...[-600, -540].map((minute) => run("closes", minute, "success")),
  run("broken", 10, "failed"),
  // Not yet a minute ago: its alert may be on its way.
  run("broken", 20, "failed"),
];
const messages = [alert("broken", 10)];
const differences = (runs: readonly RunLine[], told = messages) =>
  compareRuns({ expected, runs, messages: told, minutes: 20, now }).differences;

it("finds nothing when the demo did what it does", () => {
  expect(differences(good)).toEqual([]);
});

it.each([
  [
    "a failure that was not planned",
    run("sync", 12, "failed"),
    /sync .* ended in failed, which was not expected/,
  ],
  ["a success that was not planned", run("broken", 12, "success"), /broken .* ended in success/],
  ["a failure of a DAG that is none of the demo's", run("mine", 12, "failed"), /mine .* ended in failed/],
  ["a run that hangs", run("sync", 13, "running"), /sync .* has been running for more than 5 minutes/],
])("finds %s", (_what, more, sentence) => {
  expect(differences([...good, more])).toEqual([expect.stringMatching(sentence)]);
});

it("finds that there are too few runs, and names how many there should be", () => {
  const sentence = "sync: 2 runs ended in success, and at least 3 were expected in 20 minutes.";
  expect(differences(good.slice(1))).toEqual([sentence]);
  expect(differences([])).toHaveLength(3);
});

it("finds an alert that is missing, and one that came twice", () => {
  expect(differences(good, [])).toEqual([expect.stringContaining("told 0 times")]);
  expect(differences(good, [...messages, ...messages])).toEqual([expect.stringContaining("told 2 times")]);
});

it("leaves earlier days out of it", () => {
  expect(differences([...good, run("sync", -100, "failed")])).toEqual([]);
});
