import { afterAll, expect, it } from "vitest";
import { z } from "zod";
import { aProject } from "../testing/command-line";
import { countRows, seedDag, seedFailedAttempt, seedOwner, seedRun, seedTask } from "../testing/seed";
import { createTestDb } from "../testing/test-db";

const connect = await createTestDb();
const db = await connect();
const { vane, remove } = await aProject(db);
afterAll(remove);

const json = (text: string): unknown => JSON.parse(text);
const params = z.toJSONSchema(z.object({ wallet: z.string().default("0xabc") }), { io: "input" });
await seedDag(db, { params: z.json().parse(params) });

/** The owner's side of the table: each command gets the next of these answers. */
const Row = z.object({ id: z.int(), kind: z.string(), principal: z.string(), arguments: z.string() });
type Answer = (command: { kind: string; principal: string; args: unknown }) => Promise<object>;
const answers: Answer[] = [];
const owner = await connect();
await seedOwner(db, "hello");
await owner.query("listen vane_command");
let answering = Promise.resolve();
owner.on("notification", () => {
  answering = answering.then(answerOpen);
});

async function answerOpen() {
  const { rows } = await owner.query("select * from command where outcome is null order by id");
  for (const { id, arguments: args, ...row } of z.array(Row).parse(rows)) {
    const next = answers.shift();
    if (!next) continue;
    const outcome = await next({ ...row, args: json(args) });
    await owner.query("update command set outcome = $2 where id = $1", [id, JSON.stringify(outcome)]);
    await owner.query("select pg_notify('vane_answer', $1)", [String(id)]);
  }
}

const created = (runId: string, runKey: number, paused = false) => ({
  ...{ kind: "created", runId, runKey, state: "queued", paused },
});

it("triggers a run with its params, under the name of who did it", async () => {
  answers.push(async ({ kind, principal, args }) => {
    expect({ kind, principal }).toEqual({ kind: "trigger_run", principal: expect.stringMatching(/^cli:/) });
    expect(args).toMatchObject({
      ...{ dagId: "hello", runId: "mine", logicalDate: "2026-11-24T00:00:00.000Z", conf: { wallet: "5" } },
    });
    const { runKey } = await seedRun(db, { runId: "mine", state: "queued" });
    return created("mine", runKey, true);
  });
  const words = ["--run-id", "mine", "--logical-date", "2026-11-24", "--params", "wallet=5"];
  const said = await vane(["dags", "trigger", "hello", ...words]);
  expect(said).toMatchObject({ exit: 0, out: "mine\n" });
  expect(said.err).toContain("hello is paused: the run waits until `vane dags unpause hello`.");
});

it("says which run is in the way, and how to run it again", async () => {
  answers.push(() =>
    Promise.resolve({ kind: "conflict", runId: "mine", sentence: "hello has a run mine already." }),
  );
  expect(await vane(["dags", "trigger", "hello", "--run-id", "mine"])).toEqual({
    ...{ exit: 6, out: "", err: "hello has a run mine already. (vane tasks clear hello mine)\n" },
  });
});

it("passes on what only the owner could find wrong", async () => {
  const errors = [{ path: ["wallet"], message: "Required, and has no default." }];
  answers.push(() => Promise.resolve({ kind: "invalid_params", errors }));
  const said = await vane(["dags", "trigger", "hello"]);
  expect(said).toMatchObject({
    exit: 2,
    err: expect.stringContaining("  wallet: Required, and has no default.\n"),
  });
});

async function endRun(runKey: number, state: "success" | "failed") {
  const reason = state === "failed" ? "error" : "returned";
  const task = `update task_instance set state = $2, reason = $3, exec = null, ended_at = now() where run_key = $1`;
  await owner.query(task, [runKey, state, reason]);
  await owner.query(
    "update dag_run set state = $2, reason = $3, ended_at = started_at + interval '90 s' where run_key = $1",
    [...[runKey, state, reason]],
  );
  await owner.query("select pg_notify('vane_run', $1)", [String(runKey)]);
}

it("waits for the end, says what changes, and how it failed", async () => {
  let runKey = 0;
  answers.push(async () => {
    ({ runKey } = await seedRun(db, { runId: "waits" }));
    await seedTask(db, z.int().positive().brand("RunKey").parse(runKey), "fetch", { state: "running" });
    return created("waits", runKey);
  });
  const said = await vane(["dags", "trigger", "hello", "--wait"], {
    onErr: (text) => {
      if (!text.includes("fetch running")) return;
      answering = answering.then(async () => {
        await seedFailedAttempt(
          owner,
          z.int().positive().brand("RunKey").parse(runKey),
          "fetch",
          "no pool\nmore",
        );
        await endRun(runKey, "failed");
      });
    },
  });
  expect(said.exit).toBe(1);
  expect(said.err.replaceAll(/^\d\d:\d\d:\d\d {2}/gm, "")).toBe(
    "fetch running\nwaits running\nfetch failed\nwaits failed\n",
  );
  expect(said.out).toBe(
    [
      "hello waits failed after 1m 30s.",
      "  fetch, try 1: The task threw an error.",
      "  Error: no pool",
      "  Its log: vane tasks logs hello waits fetch\n",
    ].join("\n"),
  );
});

it("prints the run as JSON and nothing else when asked for JSON", async () => {
  answers.push(async () => {
    const { runKey } = await seedRun(db, { runId: "for_json", state: "success" });
    await seedTask(db, runKey, "fetch", { state: "success" });
    return created("for_json", runKey);
  });
  const { exit, out } = await vane(["dags", "trigger", "hello", "--wait", "--output", "json"]);
  expect(exit).toBe(0);
  expect(json(out)).toMatchObject({ run_id: "for_json", state: "success", tasks: [{ task_id: "fetch" }] });
});

it("leaves the run alone at Ctrl-C", async () => {
  answers.push(async () => created("goes_on", (await seedRun(db, { runId: "goes_on" })).runKey));
  const said = await vane(["dags", "trigger", "hello", "--wait"], {
    onErr: (text, interrupt) => {
      if (text.includes("goes_on running")) interrupt();
    },
  });
  expect(said).toMatchObject({ exit: 130, out: "" });
  expect(said.err).toContain("Stopped waiting; the run goes on.");
  expect(json((await vane(["runs", "show", "hello", "goes_on", "--output", "json"])).out)).toMatchObject({
    state: "running",
  });
});

const aFailedRun = async (runId: string) => {
  const { runKey } = await seedRun(db, { runId, state: "failed" });
  await seedTask(db, runKey, "fetch", { state: "failed" });
  await seedTask(db, runKey, "save", { state: "upstream_failed", reason: "upstream" });
  return runKey;
};

it("shows what a clear would do, and does nothing without a yes", async () => {
  await aFailedRun("broken");
  const before = await countRows(db, "command");
  const words = ["tasks", "clear", "hello", "broken", "fetch", "--downstream"];
  const dry = await vane([...words, "--dry-run", "--output", "json"]);
  expect(json(dry.out)).toMatchObject([{ task_id: "fetch", state: "failed" }, { task_id: "save" }]);
  expect(await vane(words)).toMatchObject({
    exit: 2,
    err: expect.stringContaining("Add --yes to clear these tasks."),
  });
  const refused = await vane(words, { answers: ["n"] });
  expect(refused).toMatchObject({
    exit: 0,
    err: expect.stringContaining("Clear 2 tasks? [y/N] Nothing was done."),
  });
  expect(await countRows(db, "command")).toBe(before);
});

it("clears what was confirmed", async () => {
  answers.push(({ args }) => {
    expect(args).toMatchObject({
      runId: "broken",
      scope: { taskIds: ["fetch", "save"], withDownstream: false },
    });
    return Promise.resolve({ kind: "cleared", count: 2, stopping: 0 });
  });
  expect(await vane(["tasks", "clear", "hello", "broken"], { answers: ["y"] })).toMatchObject({
    ...{ exit: 0, out: "Cleared 2 tasks of broken: the run goes on.\n" },
  });
});

it("asks again about what has changed; with --yes it takes the change as it is", async () => {
  const changed = { kind: "conflict", preview: { tasks: [], digest: "another" } };
  const task = { taskId: "fetch", mapIndex: -1, state: "running", attempt: 2 };
  const one = { ...changed, preview: { tasks: [task], digest: "another" } };
  const digests: unknown[] = [];
  const answerWith = (outcome: object): Answer => {
    return ({ args }) => {
      digests.push(z.object({ digest: z.string() }).parse(args).digest);
      return Promise.resolve(outcome);
    };
  };
  answers.push(answerWith(one), answerWith({ kind: "marked", count: 1, stopping: 1 }));
  const said = await vane(["tasks", "mark", "hello", "broken", "fetch", "--state", "success", "--yes"]);
  expect(said).toMatchObject({
    ...{ exit: 0, out: "Marked 1 task of broken success. 1 task of them must stop first.\n" },
    err: "Something has changed meanwhile.\n",
  });
  expect(digests[1]).toBe("another");
});

it("cancels a run, and tells what it waits for", async () => {
  answers.push(() => Promise.resolve({ kind: "cancelling", running: 2 }));
  expect((await vane(["runs", "cancel", "hello", "goes_on"])).out).toBe(
    "goes_on is being cancelled: 2 tasks are stopping, 10 s at most before they are killed.\n",
  );
  answers.push(() => Promise.resolve({ kind: "already_ended", state: "failed" }));
  expect((await vane(["runs", "cancel", "hello", "broken"])).out).toBe("broken has ended already: failed.\n");
});

it("says of a command that nobody takes that it is accepted", async () => {
  await seedDag(db, { id: "ownerless" });
  const said = await vane(["dags", "trigger", "ownerless"]);
  expect(said).toMatchObject({ exit: 0, err: "" });
  expect(said.out).toContain("Accepted. No scheduler has answered for ownerless yet");
});
