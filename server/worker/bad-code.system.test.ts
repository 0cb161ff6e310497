import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { pidStart } from "../platform/process-identity";
import { survivors } from "../runtime/survivors";
import { testProject, testWorker } from "./testing-worker";

/* What tasks do that nobody should: each against real processes, and the next task notices nothing. */
const project = await testProject(`
import { spawn } from "node:child_process";
import { closeSync, writeSync, readFileSync } from "node:fs";
import { context, dag, Fail, Retry, Skip, task } from "vane";

const throws = (value: unknown) => { throw value; };
const anyTask = (id: string, run: () => unknown) => task(id, run as () => Promise<null>);
const begun = () => context().variable("begun");
/** In a session of its own, deaf to SIGTERM, with our stdout: only the mark in its environment tells whose it is. */
const detached = () => spawn("/bin/sh", ["-c", "trap '' TERM; echo grandchild; sleep 1000 & wait"], {
  detached: true, stdio: ["ignore", "inherit", "inherit"],
});

const tasks = {
  good: async () => ({
    env: process.env["BLEED"] ?? null, cwd: process.cwd() === readFileSync("/proc/self/environ", "utf8") ? 1 : process.cwd(),
    global: "bleed" in globalThis, prototype: "bleed" in Array.prototype, pid: process.pid,
  }),
  environment: async () => Object.keys(process.env).sort(),
  throws_null: async () => throws(null),
  throws_in_toString: async () => throws({ get message() { throw 1; }, toString() { throw 2; } }),
  fails: async () => { throw new Error("the price is\\n wrong", { cause: new TypeError("no number") }); },
  skips: async () => { throw new Skip("nothing to do"); },
  gives_up: async () => { throw new Fail("no use"); },
  retries: async () => { throw new Retry("429", { after: "5s", free: true }); },
  exits_0: async () => { process.exit(0); },
  exits_7: async () => { process.exit(7); },
  loops: async () => { await begun(); for (;;); },
  ignores: async () => { await begun(); context().signal; detached(); await new Promise(() => setInterval(() => {}, 1000)); },
  leaves_child: async () => { detached().unref(); return process.pid; },
  leaves_shell: async () => { require("node:child_process").execSync("setsid sleep 1000 >/dev/null 2>&1 &"); return process.pid; },
  closes_channel: async () => { process.disconnect(); await new Promise(() => setInterval(() => {}, 1000)); },
  closes_fds: async () => { for (let fd = 3; fd < 8; fd++) try { closeSync(fd); } catch {} await new Promise(() => setInterval(() => {}, 1000)); },
  closes_log: async () => { closeSync(4); console.log("to nowhere"); return 1; },
  rejects_later: async () => { setTimeout(() => { void Promise.reject(new Error("too late")); }, 5); return "before"; },
  rejects_aside: async () => { void Promise.reject(new Error("aside")); await new Promise((resolve) => setTimeout(resolve, 1000)); },
  long_line: async () => { console.log("x".repeat(100_000_000)); return "written"; },
  odd_bytes: async () => { process.stdout.write(Buffer.from([0x61, 0xff, 0x00, 0x0a])); writeSync(1, Buffer.from([0xfe, 0x0a])); await new Promise((r) => setTimeout(r, 50)); return "\\0"; },
  writes_log_pipe: async () => { writeSync(4, "no line of ours\\n"); return 1; },
  big_int: async () => ({ a: [1n] }),
  function_result: async () => ({ f: () => 1 }),
  not_a_number: async () => ({ a: NaN }),
  cyclic: async () => { const a: Record<string, unknown> = {}; a["a"] = a; return a; },
  huge: async () => "x".repeat(100_000_000),
  big: async () => "x".repeat(200_000),
  big_push: async () => { await context().push("side", "y".repeat(200_000)); return null; },
  bleeds: async () => { process.env["BLEED"] = "1"; process.chdir("/"); Object.assign(globalThis, { bleed: 1 }); Object.assign(Array.prototype, { bleed: 1 }); },
  leaves_timer: async () => { setInterval(() => {}, 5); },
  changes_builtin: async () => { Array.prototype.map = function () { return []; }; },
  out_of_memory: async () => { const all: unknown[] = []; for (;;) all.push(new Array(100_000).fill(Math.random())); },
  forges: async () => { (process as unknown as { channel: { writeUtf8String?: unknown } }).channel; process.emit("message" as never, { type: "nonsense" } as never); return 1; },
  tells_secret: async () => {
    const { secret } = await (context() as unknown as { connection(id: string): Promise<{ secret(): string }> }).connection("db");
    const word = (await context().connection("db")).secret();
    process.stdout.write("is " + word.slice(0, 5)); process.stdout.write(word.slice(5) + "\\n");
    context().log.info("in fields", { word });
    throw new Error("with " + word);
  },
};
export default dag({ id: "work" }, () => { for (const [id, run] of Object.entries(tasks)) anyTask(id, run)(); });
`);

async function setup(options: Parameters<typeof testWorker>[1] = {}) {
  const worker = await testWorker(project, { slots: 1, ...options });
  const scheduler = await worker.join(1);
  return {
    ...worker,
    scheduler,
    outcomeOf: async (taskId: string) => (await worker.run(scheduler, worker.work(taskId))).outcome,
  };
}

it.each([
  [
    "throws_null",
    { kind: "failed", retryable: true, error: { name: "NotAnError", message: /^null was thrown/ } },
  ],
  ["throws_in_toString", { kind: "failed", error: { name: "NotAnError" } }],
  ["fails", { kind: "failed", error: { stack: /work\.ts:\d+:\d+[^]*Caused by: TypeError: no number/ } }],
  ["skips", { kind: "skipped", message: "nothing to do" }],
  ["gives_up", { kind: "failed", retryable: false }],
  ["retries", { kind: "retry", afterMs: 5_000, free: true }],
  [
    "exits_0",
    {
      kind: "exited",
      exitCode: 0,
      evidence: /before it was finished, perhaps by process\.exit\(\)\. Return instead/,
    },
  ],
  ["exits_7", { kind: "exited", exitCode: 7 }],
  ["closes_channel", { kind: "exited", evidence: /closed the channel to its worker.*Leave/ }],
  ["closes_fds", { kind: "exited", evidence: /closed the channel to its worker.*Leave/ }],
  ["closes_log", { kind: "returned" }],
  ["rejects_later", { kind: "returned", result: { json: '"before"' } }],
  ["rejects_aside", { kind: "failed", error: { message: "aside" } }],
  ["writes_log_pipe", { kind: "returned" }],
  ["big_int", { kind: "failed", error: { code: "result.not_json", message: /a\[0\]/ } }],
  ["function_result", { kind: "failed", error: { code: "result.not_json" } }],
  ["not_a_number", { kind: "failed", error: { code: "result.not_json" } }],
  ["cyclic", { kind: "failed", error: { code: "result.not_json" } }],
  ["huge", { kind: "failed", error: { code: "result.too_big", message: /huge/ } }],
  ["big", { kind: "returned", result: { bytes: 200_002 } }],
  ["big_push", { kind: "returned", pushed: { side: { bytes: 200_002 } } }],
  ["changes_builtin", { kind: "returned" }],
])("%s: says what happened, and the next task runs as if nothing had", async (taskId, expected) => {
  const { outcomeOf } = await setup();
  expect(await outcomeOf(taskId)).toMatchObject(matching(expected));
  expect(await outcomeOf("good")).toMatchObject({ kind: "returned" });
});

it("ends an endless loop that hears nothing", async () => {
  const { scheduler, work } = await setup();
  const item = work("loops");
  scheduler.dispatch(item);
  const { query } = await scheduler.next("need_variable");
  scheduler.send({ type: "variable", query, answer: { value: "" } });
  scheduler.send({
    type: "end",
    dagId: item.dagId,
    epoch: 1,
    exec: item.exec,
    why: "it took longer than 1 s",
  });
  const { outcome } = await scheduler.report(item.exec);
  expect(outcome).toMatchObject({ kind: "exited", signal: "SIGKILL" });
  expect(outcome).toMatchObject({
    evidence: expect.stringContaining("Vane ended the task: it took longer than 1 s"),
  });
});

it("reports the end of a task that ignores it once all that it started is gone, detached or not", async () => {
  const { scheduler, work, logOf } = await setup();
  const item = work("ignores");
  scheduler.dispatch(item);
  const { pid } = await scheduler.next("started");
  const mark = /VANE_RUNTIME=([^\0]+)/.exec(readFileSync(`/proc/${pid}/environ`, "latin1"))?.[1] ?? "";
  const { query } = await scheduler.next("need_variable");
  scheduler.send({ type: "variable", query, answer: { value: "" } });
  await until(() => survivors({ group: pid, mark }).length >= 3);
  scheduler.send({ type: "end", dagId: item.dagId, epoch: 1, exec: item.exec, why: "cleared" });
  expect((await scheduler.report(item.exec)).outcome).toMatchObject({ kind: "exited" });
  expect(survivors({ group: pid, mark })).toEqual([]);
  expect(logOf(item)).toMatchObject([{ source: "stdout", msg: "grandchild" }, { source: "vane" }]);
});

it.each(["leaves_child", "leaves_shell"])(
  "%s: what a task leaves running is gone before it is reported",
  async (taskId) => {
    const { scheduler, work } = await setup();
    const item = work(taskId);
    scheduler.dispatch(item);
    const { pid } = await scheduler.next("started");
    const mark = /VANE_RUNTIME=([^\0]+)/.exec(readFileSync(`/proc/${pid}/environ`, "latin1"))?.[1] ?? "";
    expect((await scheduler.report(item.exec)).outcome).toMatchObject({ kind: "returned" });
    expect(survivors({ group: pid, mark })).toEqual([]);
  },
);

it.each(["bleeds", "leaves_timer"])("%s: nothing of it reaches the next task", async (taskId) => {
  const { run, scheduler, work, outcomeOf } = await setup();
  const { pid } = await run(scheduler, work(taskId));
  const after = await outcomeOf("good");
  expect(after).toMatchObject({ kind: "returned" });
  const seen: unknown =
    after.kind === "returned" && "json" in after.result ? JSON.parse(after.result.json) : {};
  expect(seen).toMatchObject({ env: null, cwd: project.projectFolder, global: false, prototype: false });
  expect(pidStart(pid ?? 0)).toBeUndefined();
});

it("serves one task after the other in the same process as long as they leave it clean", async () => {
  const { run, scheduler, work } = await setup();
  const pids = new Set<number | null>();
  for (let n = 0; n < 3; n++) pids.add((await run(scheduler, work("good"))).pid);
  expect(pids.size).toBe(1);
  expect(pids).not.toContain((await run(scheduler, work("good", { isolation: "process" }))).pid);
});

it("writes a line of 100 MB in pieces, whole and in order", async () => {
  const { run, scheduler, work, logOf } = await setup();
  const item = work("long_line");
  expect(await run(scheduler, item)).toMatchObject({ outcome: { kind: "returned" }, logTruncated: false });
  const lines = logOf(item);
  expect(lines.reduce((sum, { msg }) => sum + msg.length, 0)).toBe(100_000_000);
  expect(lines.findIndex(({ more }) => more === undefined)).toBe(lines.length - 1);
});

it("keeps odd bytes out of the log's form", async () => {
  const { run, scheduler, work, logOf } = await setup();
  const item = work("odd_bytes");
  expect((await run(scheduler, item)).outcome).toMatchObject({ result: { json: '"\\u0000"' } });
  expect(logOf(item)).toMatchObject([{ msg: "a\ufffd\0" }, { msg: "\ufffd" }]);
});

it("tells that memory ran out, and where the limit stood", async () => {
  const { outcomeOf } = await setup({ limits: { runtimeHeapMb: 40 } });
  expect(await outcomeOf("out_of_memory")).toMatchObject({
    kind: "exited",
    evidence: expect.stringMatching(/ran out of memory: it reached the heap limit/),
  });
});

it("gives a task the environment that its worker was told, and none of the worker's own", async () => {
  const { outcomeOf } = await setup();
  const outcome = await outcomeOf("environment");
  const text = outcome.kind === "returned" && "json" in outcome.result ? outcome.result.json : "";
  expect(JSON.parse(text)).toEqual(["HOME", "PATH", "VANE_RUNTIME"]);
});

it("masks what it passed on, in lines, fields and errors, however it was cut", async () => {
  const { scheduler, work, logOf } = await setup();
  const item = work("tells_secret");
  scheduler.dispatch(item);
  const facts = { kind: "generic", url: "", host: null, port: null, login: null, schema: null, extra: {} };
  for (let n = 0; n < 2; n++) {
    const { query } = await scheduler.next("need_connection");
    scheduler.send({
      type: "connection",
      query,
      answer: { ...facts, secrets: { password: "canary-secret" } },
    });
  }
  const report = await scheduler.report(item.exec);
  expect(JSON.stringify([report, logOf(item)])).not.toContain("canary");
  expect(logOf(item)[0]).toMatchObject({ msg: "is ***" });
});

it("lets its runtimes die with it", async () => {
  const { scheduler, work, worker } = await setup();
  const item = work("good");
  scheduler.dispatch(item);
  const { pid } = await scheduler.report(item.exec);
  await worker.stop();
  expect(pidStart(pid ?? 0)).toBeUndefined();
});

type Expected = { readonly [key: string]: unknown };

/** A pattern stands for a text that it matches. */
function matching(expected: Expected): Expected {
  return Object.fromEntries(
    Object.entries(expected).map(([key, value]) => {
      if (value instanceof RegExp) return [key, expect.stringMatching(value)];
      return [key, typeof value === "object" && value !== null ? matching(value as Expected) : value];
    }),
  );
}

/** Processes tell nobody that they have begun. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
