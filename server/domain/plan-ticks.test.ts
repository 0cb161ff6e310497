import fc from "fast-check";
import { expect, it } from "vitest";
import { firstTick, intervalOf, lastInterval, nextTick, planTicks } from "./plan-ticks";
import { DagSettings } from "./serialized-dag";
import { timetable, type Timetable } from "./timetable";

const settings = (given: object = {}) => DagSettings.parse(given);
const HOURLY = timetable({ cron: ["0 * * * *"] }, settings());
const MINUTES = timetable({ cron: ["* * * * *"] }, settings());
const NEVER = timetable(null, settings());

const at = (time: string) => new Date(`2026-11-24T${time}Z`);
const times = (dates: readonly Date[]) => dates.map((date) => date.toISOString().slice(11, 16));
const HOUR_MS = 3_600_000;

interface Asked {
  readonly due: Date;
  readonly now: Date;
  readonly limit?: number;
}
function plan(given: object, { due, now, limit = 20 }: Asked, table: Timetable = HOURLY) {
  const { create, next } = planTicks({ timetable: table, settings: settings(given), due, now, limit });
  return { create: times(create), next: next && times([next])[0] };
}

it("makes the tick that is due, and waits for the next one", () => {
  for (const catchup of [false, true, HOUR_MS]) {
    const on = { due: at("12:00"), now: at("12:00") };
    expect(plan({ catchup }, on)).toEqual({ create: ["12:00"], next: "13:00" });
    expect(plan({ catchup }, { ...on, now: at("12:59:59.999") })).toEqual({
      create: ["12:00"],
      next: "13:00",
    });
    expect(plan({ catchup }, { ...on, now: at("11:59:59.999") })).toEqual({ create: [], next: "12:00" });
  }
});

it("makes up for the latest tick after downtime, for all, or for those of a window", () => {
  const down = { due: at("08:00"), now: at("12:30") };
  expect(plan({ catchup: false }, down)).toEqual({ create: ["12:00"], next: "13:00" });
  expect(plan({ catchup: true }, down)).toEqual({
    create: ["08:00", "09:00", "10:00", "11:00", "12:00"],
    next: "13:00",
  });
  expect(plan({ catchup: 2.5 * HOUR_MS }, down)).toEqual({
    create: ["10:00", "11:00", "12:00"],
    next: "13:00",
  });
});

it("takes what is much in slices, oldest first", () => {
  const first = plan({ catchup: true }, { due: at("01:00"), now: at("12:30"), limit: 3 });
  expect(first).toEqual({ create: ["01:00", "02:00", "03:00"], next: "04:00" });
});

it("makes nothing beyond the end, and then looks no more", () => {
  const end = at("10:00").toISOString();
  const late = { due: at("09:00"), now: at("12:30") };
  expect(plan({ catchup: true, end }, late)).toEqual({ create: ["09:00", "10:00"], next: null });
  expect(plan({ catchup: false, end }, late)).toEqual({ create: ["10:00"], next: null });
  expect(plan({ catchup: false, end }, { due: at("11:00"), now: at("12:30") })).toEqual({
    create: [],
    next: null,
  });
});

it("makes nothing before a start that a version has moved", () => {
  const start = at("11:00").toISOString();
  const down = { due: at("08:00"), now: at("12:30") };
  expect(plan({ catchup: true, start }, down)).toEqual({ create: ["11:00", "12:00"], next: "13:00" });
  const ahead = at("12:45").toISOString();
  expect(plan({ catchup: false, start: ahead }, down)).toEqual({ create: [], next: "13:00" });
  expect(plan({ catchup: true, start: at("15:30").toISOString() }, down)).toEqual({
    create: [],
    next: "16:00",
  });
});

it("begins at its start if it makes up for the past, else at the next tick", () => {
  const start = at("08:30").toISOString();
  const first = (given: object, now = at("12:30"), table = HOURLY) => firstTick(table, settings(given), now);
  expect(first({})).toEqual(at("13:00"));
  expect(first({ start })).toEqual(at("13:00"));
  expect(first({ start, catchup: true })).toEqual(at("09:00"));
  expect(first({ start: at("09:00").toISOString(), catchup: true })).toEqual(at("09:00"));
  expect(first({ start: at("15:00").toISOString() })).toEqual(at("15:00"));
  expect(first({ start, end: at("12:45").toISOString() })).toBeNull();
  expect(first({ catchup: true })).toEqual(at("13:00")); // no start: there is no past to make up for
  expect(first({}, at("12:30"), NEVER)).toBeNull();
});

it("looks for the next tick between start and end", () => {
  const bounds = settings({ start: at("10:00").toISOString(), end: at("11:00").toISOString() });
  expect(nextTick(HOURLY, bounds, at("03:00"))).toEqual(at("10:00"));
  expect(nextTick(HOURLY, bounds, at("10:00"))).toEqual(at("11:00"));
  expect(nextTick(HOURLY, bounds, at("11:00"))).toBeNull();
});

it("gives a run by hand the last complete interval, or none where there are no ticks", () => {
  expect(lastInterval(HOURLY, at("12:30"))).toEqual({ start: at("11:00"), end: at("12:00") });
  expect(lastInterval(HOURLY, at("12:00"))).toEqual({ start: at("11:00"), end: at("12:00") });
  expect(lastInterval(NEVER, at("12:30"))).toEqual({ start: at("12:30"), end: at("12:30") });
  expect(intervalOf(HOURLY, at("12:00"))).toEqual({ start: at("11:00"), end: at("12:00") });
});

it("takes the minutes of five years a slice a pass (I13)", () => {
  const now = at("12:00");
  const start = new Date(now.getTime() - 5 * 365 * 24 * HOUR_MS);
  const given = settings({ catchup: true, start: start.toISOString() });
  let looked = 0;
  const counting: Timetable = {
    after: (instant) => ((looked += 1), MINUTES.after(instant)),
    before: (instant) => ((looked += 1), MINUTES.before(instant)),
  };
  let due = firstTick(counting, given, now);
  const made: Date[] = [];
  for (let pass = 0; pass < 5 && due; pass += 1) {
    const { create, next } = planTicks({ timetable: counting, settings: given, due, now, limit: 20 });
    made.push(...create);
    due = next;
  }
  expect(made).toHaveLength(100);
  expect(made[0]).toEqual(start);
  expect(looked).toBeLessThan(120);

  // Without catch-up the five years cost one look.
  looked = 0;
  const latest = planTicks({ timetable: counting, settings: settings(), due: start, now, limit: 20 });
  expect(latest.create).toEqual([now]);
  expect(looked).toBeLessThan(5);
});

it("makes one run a tick, whenever it is woken and whatever it missed (I12)", () => {
  const anyGiven = fc.record({
    cron: fc.constantFrom("*/10 * * * *", "0 * * * *", "30 2 * * *", "*/7 3-5 * * *"),
    timezone: fc.constantFrom("UTC", "America/New_York", "Australia/Lord_Howe"),
    catchup: fc.constantFrom(true, false, 3 * HOUR_MS),
    limit: fc.integer({ min: 1, max: 5 }),
  });
  const waits = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 12, size: "max" });
  const holds = fc.property(anyGiven, waits, ({ cron, timezone, catchup, limit }, minutes) => {
    const given = settings({ timezone, catchup });
    const table = timetable({ cron: [cron] }, given);
    let now = new Date("2026-11-01T03:17:00Z");
    let due = firstTick(table, given, now);
    const made: Date[] = [];
    for (const wait of minutes) {
      now = new Date(now.getTime() + wait * 60_000);
      for (let passes = 0; due && due <= now; passes += 1) {
        expect(passes).toBeLessThan(100);
        const { create, next } = planTicks({ timetable: table, settings: given, due, now, limit });
        expect(create.length).toBeLessThanOrEqual(catchup === false ? 1 : limit);
        for (const tick of create) {
          expect(tick <= now && tick > (made.at(-1) ?? new Date(0))).toBe(true);
          // Nothing between two runs was left out, if all is made up for.
          const last = made.at(-1);
          if (catchup === true && last) expect(intervalOf(table, tick)).toEqual({ start: last, end: tick });
          made.push(tick);
        }
        due = next;
      }
    }
  });
  fc.assert(holds, { numRuns: 60 });
}, 60_000);
