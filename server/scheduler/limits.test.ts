import { expect, it } from "vitest";
import { limitsDividedBy as ofWorker } from "../worker/limits";
import { limitsDividedBy } from "./limits";

it.each([1, 10])(
  "a worker ends what it has, then its runtimes themselves, before it is called lost: / %i",
  (by) => {
    const [scheduler, worker] = [limitsDividedBy(by), ofWorker(by)];
    const order = [60_000 / by + worker.unansweredMs, worker.renewalMs, worker.watchdogMs];
    expect([...order, scheduler.workerSilenceMs]).toEqual(
      [75_000, 90_000, 100_000, 120_000].map((ms) => ms / by),
    );
  },
);
