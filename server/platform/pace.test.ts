import { expect, it } from "vitest";
import { fakeClock } from "../testing/fake-clock";
import { pace } from "./pace";

const start = new Date("2026-11-24T14:32:07Z");

it("rests three times as long as it has worked, and not after every little step", async () => {
  const clock = fakeClock(start);
  const step = pace(clock, new AbortController().signal);
  clock.advance(5);
  await step();
  expect(clock.nextAlarmMs()).toBeUndefined();
  clock.advance(15);
  const rested = step();
  expect(clock.nextAlarmMs()).toBe(60);
  clock.advance(60);
  await rested;
  await step();
});

it("ends the work when it is told to stop, also in the middle of a rest", async () => {
  const clock = fakeClock(start);
  const stopping = new AbortController();
  const step = pace(clock, stopping.signal);
  clock.advance(20);
  const resting = step();
  stopping.abort(new Error("stopping"));
  await expect(resting).rejects.toThrow("stopping");
  await expect(step()).rejects.toThrow("stopping");
  expect(clock.nextAlarmMs()).toBeUndefined();
});
