import { expect, it } from "vitest";
import { z } from "zod";
import { DagId, RunId, RunKey, TaskId } from "../domain/ids";
import { attemptStorage, type AttemptHost } from "./inside";
import { context } from "./vane";

const logged: unknown[] = [];
const pushed: unknown[] = [];
const host: AttemptHost = {
  run: {
    ...{ runKey: RunKey.parse(7), runId: RunId.parse("manual__x"), runType: "manual", logicalDate: null },
    ...{ intervalStart: "2026-01-01T00:00:00Z", intervalEnd: "2026-01-02T00:00:00Z" },
    ...{ runAfter: "2026-01-02T06:00:00Z", params: { days: 3 }, version: 1 },
  },
  ...{ dagId: DagId.parse("d"), taskId: TaskId.parse("t"), mapIndex: -1, attempt: 2 },
  signal: new AbortController().signal,
  log: (...said) => logged.push(said),
  connection: async () =>
    Promise.resolve({
      ...{ kind: "http", url: "https://x", host: "x", port: null, login: null, schema: null },
      ...{ extra: { timeout: 5 }, secrets: { password: "s3cret" } },
    }),
  variable: async (key) => Promise.resolve(`value of ${key}`),
  push: (...given) => pushed.push(given),
};
const inTask = <T>(body: () => T): T => attemptStorage.run(host, body);

it("tells a task who and when it is", () => {
  const c = inTask(context);
  expect(c).toMatchObject({
    dagId: "d",
    runId: "manual__x",
    taskId: "t",
    mapIndex: -1,
    attempt: 2,
    logicalDate: null,
  });
  expect(c.dataInterval.end.toISOString()).toBe("2026-01-02T00:00:00.000Z");
  expect(c.runAfter).toEqual(new Date("2026-01-02T06:00:00Z"));
  expect(c.params).toEqual({ days: 3 });
});

it("has a key that is the same in every attempt and other for another instance", () => {
  const keyOf = (other: Partial<AttemptHost>) =>
    attemptStorage.run({ ...host, ...other }, () => context().key);
  expect(keyOf({ attempt: 3 })).toBe(keyOf({}));
  expect(keyOf({ mapIndex: 0 })).not.toBe(keyOf({}));
  expect(keyOf({ taskId: TaskId.parse("u") })).not.toBe(keyOf({}));
  expect(keyOf({})).toMatch(/^[0-9a-f]{40}$/);
});

it("parses params by the schema it is given", () => {
  const schema = z.object({ days: z.number(), base: z.string().default("op") });
  expect(inTask(() => context(schema)).params).toEqual({ days: 3, base: "op" });
  const other = z.object({ days: z.string() });
  expect(() => inTask(() => context(other))).toThrow(
    "params.invalid: The params of this run of d do not fit",
  );
});

it("logs, pushes JSON and asks for connections and variables", async () => {
  const c = inTask(context);
  c.log.warn("slow", { ms: 5 });
  expect(logged).toEqual([["warn", "slow", { ms: 5 }]]);
  await c.push("rows", [1]);
  expect(pushed).toEqual([["rows", "[1]"]]);
  await expect(c.push("bad", new Date() as never)).rejects.toThrow(
    'The result of t (push of "bad") is not JSON',
  );
  expect(await c.variable("x")).toBe("value of x");

  const market = await c.connection("market", "http");
  expect([market.kind, market.secret(), market.port, market.extra]).toEqual([
    "http",
    "s3cret",
    undefined,
    { timeout: 5 },
  ]);
  expect(() => market.secret("token")).toThrow("Connection market has no secret token. It has: password.");
  await expect(c.connection("market", "postgres")).rejects.toThrow(
    "Connection market is of kind http; postgres is needed.",
  );
});

it("is for running tasks only", () => {
  expect(context).toThrow("context.outside_task: context() was called outside of a running task.");
});
