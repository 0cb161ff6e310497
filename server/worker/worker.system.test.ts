import { expect, it } from "vitest";
import { testProject, testWorker } from "./testing-worker";

const project = await testProject(`
import { context, dag, task } from "vane";
const greet = task("greet", async (name: string) => {
  context().log.info("greeting " + name, { name });
  console.log("out");
  return { greeting: "Hello " + name };
});
export default dag({ id: "work" }, () => { greet("you"); });
`);

it("takes a dispatch, runs it, writes its log, and reports until it is acknowledged", async () => {
  const { work, join, logOf } = await testWorker(project);
  const scheduler = await join(1);
  const item = work("greet", { args: [{ lit: "you" }] });
  scheduler.dispatch(item);
  const report = await scheduler.report(item.exec);
  expect(report).toMatchObject({
    outcome: { kind: "returned", result: { json: '{"greeting":"Hello you"}' } },
    logTruncated: false,
  });
  expect(logOf(item)).toMatchObject([
    { level: "info", source: "log", msg: "greeting you", name: "you" },
    { level: "info", source: "stdout", msg: "out" },
  ]);
});
