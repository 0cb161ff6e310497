import { expect, it, vi } from "vitest";
import { aDag } from "../testing/seed";
import { returned, stage, type Stage } from "../testing/sim/stage";

// Thousands of steps; how long they take is nobody's promise.
vi.setConfig({ testTimeout: 60_000 });

const GOOD = aDag({ id: "good", tasks: { only: [] } });
const BAD = aDag({ id: "bad", tasks: { only: [] } });

/** Ten runs asked for in one moment are there in one moment: batches are as large as ever, and nobody waits. */
async function goesOn(set: Stage, dagId: string): Promise<void> {
  const before = set.rows("dag_run", { dag_id: dagId }).length;
  const askedMs = set.nowMs();
  for (let n = 0; n < 10; n += 1) set.trigger(dagId, `${dagId}_${askedMs}_${n}`);
  await set.until("its runs", () => set.rows("dag_run", { dag_id: dagId }).length >= before + 10);
  const runs = set.rows("dag_run", { dag_id: dagId }).slice(-10);
  expect(new Set(runs.map((run) => Number(run["queued_at"]))).size).toBe(1);
  expect(set.nowMs() - askedMs).toBeLessThan(500);
}

const dagRow = (set: Stage, dagId: string) => set.rows("dag", { dag_id: dagId })[0];
const inQuarantine = (set: Stage, dagId: string) => dagRow(set, dagId)?.["quarantine"] !== null;
const reasonOf = (set: Stage, dagId: string) => dagRow(set, dagId)?.["quarantine"];

it.each([
  ["no JSON", "{"],
  ["no DAG", '{"format":1}'],
  ["no graph", JSON.stringify({ ...BAD, nodes: BAD.nodes.map((node) => ({ ...node, after: ["gone"] })) })],
  [
    "no zone",
    JSON.stringify({
      ...BAD,
      schedule: { cron: ["* * * * *"] },
      settings: { ...BAD.settings, timezone: "Moon/Sea" },
    }),
  ],
])("stops the one DAG whose structure is %s", async (_, structure) => {
  const set = stage();
  set.bring(GOOD, BAD);
  set.tamper("dag_version", "bad/1", { structure });
  await set.until("it is given up", () => inQuarantine(set, "bad"));
  await goesOn(set, "good");
  expect(reasonOf(set, "bad")).toMatch(/bad|gone|zone/i);
  expect(dagRow(set, "bad")).toMatchObject({ owner: null });
  expect(set.said.some(({ words }) => words.startsWith("A DAG is in quarantine"))).toBe(true);
});

it("stops the one DAG of a run that lacks the row of a task, and says so to who asks for something", async () => {
  const set = stage();
  set.bring(GOOD, BAD);
  await set.pass(3_000);
  set.trigger("bad", "one");
  await set.until("its run", () => set.rows("task_instance").length === 1);
  set.restart();
  for (const { run_key: runKey } of set.rows("dag_run"))
    set.tamper("task_instance", `${String(runKey)}/only/-1`, null);
  set.trigger("bad", "two");
  await set.until("it is given up", () => inQuarantine(set, "bad"));
  expect(reasonOf(set, "bad")).toBe("bad one has no row for task only.");
  const [, two] = set.rows("command");
  expect(two?.["outcome"]).toContain(
    "bad is in quarantine, so nothing was done: bad one has no row for task only.",
  );
  await goesOn(set, "good");
});

it("takes a DAG up again when its rows are mended, or it has a new version", async () => {
  const set = stage();
  set.bring(GOOD, BAD);
  set.tamper("dag_version", "bad/1", { structure: "{" });
  await set.until("it is given up", () => inQuarantine(set, "bad"));
  set.tamper("dag_version", "bad/1", { structure: JSON.stringify(BAD) });
  await set.pass(50_000);
  expect(inQuarantine(set, "bad")).toBe(true);
  await set.until("it is taken up", () => !inQuarantine(set, "bad"));
  await goesOn(set, "bad");
});

it("quarantines a DAG whose new version cannot be read, and nobody waits for it", async () => {
  const set = stage();
  set.bring(GOOD, BAD);
  await set.pass(3_000);
  set.tamper("dag_version", "bad/1", { number: 2, structure: "{" });
  set.word("bad", "version");
  await set.until("it is given up", () => inQuarantine(set, "bad"));
  await goesOn(set, "good");
  expect(reasonOf(set, "bad")).toContain("The structure of bad, version 2, cannot be read");
});

it("quarantines a DAG whose tick the database does not take, and nobody waits for it", async () => {
  const set = stage();
  set.bring(
    GOOD,
    aDag({ id: "bad", schedule: ["* * * * *"], tasks: { only: [] } }),
    aDag({ id: "too", schedule: ["* * * * *"] }),
  );
  await set.pass(3_000);
  set.refuses = (changes) =>
    changes.some(({ table, after }) => table === "dag_run" && after?.["dag_id"] === "bad")
      ? "22P05"
      : undefined;
  await set.until("it is given up", () => inQuarantine(set, "bad"));
  expect(reasonOf(set, "bad")).toContain("scheduled__2026-11-24T14:01:00Z");
  await set.until("the other's tick", () => set.rows("dag_run", { dag_id: "too" }).length === 1);
  await goesOn(set, "good");
  set.refuses = () => undefined;
  await set.until("its tick", () => set.rows("dag_run", { dag_id: "bad" }).length > 0);
});

it("quarantines a DAG of which the database does not take an inbox row, and nobody waits for it", async () => {
  const set = stage();
  set.bring(GOOD, BAD);
  await set.pass(3_000);
  set.refuses = (changes) =>
    changes.some(({ table, before, after }) => table === "inbox" && before?.["dag_id"] === "bad" && !after)
      ? "22P05"
      : undefined;
  set.word("bad", "active");
  await set.until("it is given up", () => inQuarantine(set, "bad"));
  await goesOn(set, "good");
  expect(set.rows("inbox")).toHaveLength(1);
});

it("lets the attempt fail whose report the database does not take, and nothing else", async () => {
  const set = stage();
  set.bring(GOOD, BAD);
  await set.pass(3_000);
  const worker = set.join();
  set.trigger("bad", "one");
  set.trigger("good", "two");
  await set.until("both begin", () => worker.works.length === 2);
  set.refuses = (changes) => (changes.some(({ table }) => table === "xcom") ? "22021" : undefined);
  for (const work of worker.works)
    worker.report(work, work.dagId === "bad" ? returned('"\\u0000"') : returned());
  await set.until("both end", () => set.rows("task_attempt").length === 2);
  const ended = set.rows("task_attempt").map(({ state, reason }) => ({ state, reason }));
  expect(ended).toContainEqual({ state: "success", reason: "returned" });
  expect(ended).toContainEqual({ state: "failed", reason: "error" });
  expect(set.rows("dag").every(({ quarantine }) => quarantine === null)).toBe(true);
  await goesOn(set, "good");
  await set.pass(100); // nothing is left of what it was suspected for
  await goesOn(set, "bad");
});

it("answers a command about a run that cannot be read, and one that cannot be read itself", async () => {
  const set = stage();
  set.bring(GOOD);
  await set.pass(3_000);
  const worker = set.join();
  set.trigger("good", "one");
  await set.until("it begins", () => worker.works.length === 1);
  for (const work of worker.works) worker.report(work, returned());
  await set.until("it ends", () => set.rows("dag_run", { state: "success" }).length === 1);
  set.clear("one", "only");
  const [run] = set.rows("dag_run");
  set.tamper("task_instance", `${String(run?.["run_key"])}/only/-1`, null);
  set.trigger("good", "two");
  const [, , two] = set.rows("command");
  set.tamper("command", String(two?.["id"]), { arguments: "{" });
  await set.until("both are answered", () => set.rows("command").every(({ outcome }) => outcome !== null));
  const [, cleared, broken] = set.rows("command");
  expect(cleared?.["outcome"]).toContain("good one has no row for task only.");
  expect(broken?.["outcome"]).toContain("does not know this command");
  await goesOn(set, "good");
});
