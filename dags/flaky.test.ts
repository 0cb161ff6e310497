import { expect, it } from "vitest";
import flaky from "./flaky";

it("succeeds at its third attempt, in every run", async () => {
  const runs = [await flaky.test(), await flaky.test()];
  for (const run of runs) {
    expect(run.state).toBe("success");
    expect(run.task("ask_service").attempts).toBe(3);
    expect(run.task("note").log).toEqual([expect.stringContaining("3 attempts")]);
  }
});
