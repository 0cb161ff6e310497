import { expect, it } from "vitest";
import brokenReport, { compare, publish } from "./broken-report";

it("fails at once, tells once, and publishes nothing", async () => {
  const run = await brokenReport.test();
  expect([run.state, run.task(compare).attempts, run.task(publish).state]).toEqual([
    "failed",
    1,
    "upstream_failed",
  ]);
  expect(run.callbacks).toMatchObject([
    { event: "failure", taskId: "compare", error: { message: "The balances differ by 2." } },
  ]);
});
