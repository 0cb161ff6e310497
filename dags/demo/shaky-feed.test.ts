import { expect, it } from "vitest";
import shakyFeed, { readFeed } from "./shaky-feed";

it("succeeds at its third attempt, in every run", async () => {
  for (const run of [await shakyFeed.test(), await shakyFeed.test()]) {
    expect([run.state, run.task(readFeed).result]).toEqual(["success", { attempts: 3 }]);
  }
});
