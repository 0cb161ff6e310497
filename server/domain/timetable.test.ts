import fc from "fast-check";
import { expect, it } from "vitest";
import { DagSettings } from "./serialized-dag";
import { timetable } from "./timetable";

const settings = (timezone: string, rest: object = {}) => DagSettings.parse({ timezone, ...rest });
const ticksOf = (timezone: string, ...cron: string[]) => timetable({ cron }, settings(timezone));

/** As a clock on the wall there shows it. */
const local = (timezone: string, date: Date | undefined) =>
  date?.toLocaleString("sv", { timeZone: timezone }).slice(0, 16).replace(" ", "T");

function following(timezone: string, cron: string, from: string, count: number): string[] {
  const { after } = ticksOf(timezone, cron);
  const found: string[] = [];
  for (let tick = after(new Date(from)); tick && found.length < count; tick = after(tick)) {
    found.push(`${tick.toISOString().slice(0, 16)}Z ${local(timezone, tick) ?? ""}`);
  }
  return found;
}

// RELIABILITY section 4: what croner 11 makes of clocks that change. Its gap rule was another one in croner 10.
// prettier-ignore
it.each<[string, string, string, string, string[]]>([
  ["New York, gap", "America/New_York", "30 2 * * *", "2026-03-08T00:00Z",
    ["2026-03-08T07:00Z 2026-03-08T03:00", "2026-03-09T06:30Z 2026-03-09T02:30"]],
  ["New York, gap, every second hour", "America/New_York", "0 */2 * * *", "2026-03-08T04:59Z",
    ["2026-03-08T05:00Z 2026-03-08T00:00", "2026-03-08T08:00Z 2026-03-08T04:00", "2026-03-08T10:00Z 2026-03-08T06:00"]],
  ["New York, overlap: the first", "America/New_York", "30 1 * * *", "2026-11-01T00:00Z",
    ["2026-11-01T05:30Z 2026-11-01T01:30", "2026-11-02T06:30Z 2026-11-02T01:30"]],
  ["New York, overlap, hourly: both passes", "America/New_York", "0 * * * *", "2026-11-01T04:30Z",
    ["2026-11-01T05:00Z 2026-11-01T01:00", "2026-11-01T06:00Z 2026-11-01T01:00", "2026-11-01T07:00Z 2026-11-01T02:00"]],
  ["New York, overlap, by quarters: both passes", "America/New_York", "*/15 * * * *", "2026-11-01T05:40Z",
    ["2026-11-01T05:45Z 2026-11-01T01:45", "2026-11-01T06:00Z 2026-11-01T01:00", "2026-11-01T06:15Z 2026-11-01T01:15"]],
  ["Lord Howe, gap of half an hour", "Australia/Lord_Howe", "15 2 * * *", "2026-10-03T12:00Z",
    ["2026-10-03T15:30Z 2026-10-04T02:30", "2026-10-04T15:15Z 2026-10-05T02:15"]],
  ["Casablanca, overlap: the first", "Africa/Casablanca", "30 2 * * *", "2026-02-14T12:00Z",
    ["2026-02-15T01:30Z 2026-02-15T02:30", "2026-02-16T02:30Z 2026-02-16T02:30"]],
  ["Casablanca, gap", "Africa/Casablanca", "30 2 * * *", "2026-03-21T12:00Z",
    ["2026-03-22T02:00Z 2026-03-22T03:00", "2026-03-23T01:30Z 2026-03-23T02:30"]],
  ["Cairo, gap at midnight", "Africa/Cairo", "0 0 * * *", "2026-04-23T12:00Z",
    ["2026-04-23T22:00Z 2026-04-24T01:00", "2026-04-24T21:00Z 2026-04-25T00:00"]],
  ["Havana, gap at midnight", "America/Havana", "0 0 * * *", "2026-03-07T12:00Z",
    ["2026-03-08T05:00Z 2026-03-08T01:00", "2026-03-09T04:00Z 2026-03-09T00:00"]],
  ["Santiago, gap at midnight", "America/Santiago", "0 0 * * *", "2026-09-05T12:00Z",
    ["2026-09-06T04:00Z 2026-09-06T01:00", "2026-09-07T03:00Z 2026-09-07T00:00"]],
  ["Troll, gap of two hours", "Antarctica/Troll", "0 2 * * *", "2026-03-28T12:00Z",
    ["2026-03-29T01:00Z 2026-03-29T03:00", "2026-03-30T00:00Z 2026-03-30T02:00"]],
  ["Troll, overlap of two hours: the first", "Antarctica/Troll", "30 1 * * *", "2026-10-24T12:00Z",
    ["2026-10-24T23:30Z 2026-10-25T01:30", "2026-10-26T01:30Z 2026-10-26T01:30"]],
  ["Chatham, gap at a quarter to", "Pacific/Chatham", "0 3 * * *", "2026-09-26T10:00Z",
    ["2026-09-26T14:00Z 2026-09-27T03:45", "2026-09-27T13:15Z 2026-09-28T03:00"]],
  ["Apia, a day that was left out", "Pacific/Apia", "0 9 30 12 *", "2011-12-01T00:00Z",
    ["2012-12-29T19:00Z 2012-12-30T09:00"]],
  ["the weekday nearest to the 15th", "UTC", "0 9 15W * *", "2026-08-01T00:00Z",
    ["2026-08-14T09:00Z 2026-08-14T09:00", "2026-09-15T09:00Z 2026-09-15T09:00"]],
  ["the last weekday of a month", "UTC", "0 9 LW * *", "2026-05-01T00:00Z",
    ["2026-05-29T09:00Z 2026-05-29T09:00", "2026-06-30T09:00Z 2026-06-30T09:00"]],
  ["a fifth Monday", "UTC", "0 9 * * MON#5", "2026-01-01T00:00Z",
    ["2026-03-30T09:00Z 2026-03-30T09:00", "2026-06-29T09:00Z 2026-06-29T09:00"]],
  ["the last Friday", "UTC", "0 9 * * FRI#L", "2026-01-01T00:00Z",
    ["2026-01-30T09:00Z 2026-01-30T09:00", "2026-02-27T09:00Z 2026-02-27T09:00"]],
  ["a day that never comes", "UTC", "0 0 30 2 *", "2026-01-01T00:00Z", []],
])("%s", (_, timezone, cron, from, expected) => {
  expect(following(timezone, cron, from, Math.max(expected.length, 1))).toEqual(expected);
});

it("looks strictly after and strictly before an instant, to the millisecond", () => {
  const { after, before } = ticksOf("UTC", "0 * * * *");
  const [eleven, noon, one] = [11, 12, 13].map((hour) => new Date(Date.UTC(2026, 0, 1, hour)));
  const by = (ms: number) => new Date((noon?.getTime() ?? 0) + ms);
  expect([after(by(-1)), after(by(0)), after(by(1))]).toEqual([noon, one, one]);
  expect([before(by(-1)), before(by(0)), before(by(1))]).toEqual([eleven, eleven, noon]);
});

it("takes the ticks of several lines as one row, a common one once", () => {
  const { after, before } = ticksOf("UTC", "0 6 * * *", "30 6,18 * * *", "0 6 * * MON");
  const monday = new Date("2026-01-05T00:00:00Z");
  const six = after(monday) ?? monday;
  expect(six.toISOString()).toBe("2026-01-05T06:00:00.000Z");
  expect(after(six)?.toISOString()).toBe("2026-01-05T06:30:00.000Z");
  expect(before(six)?.toISOString()).toBe("2026-01-04T18:30:00.000Z");
});

it("knows schedules without a cron line", () => {
  const now = new Date("2026-01-01T00:00:00Z");
  const never = timetable(null, settings("UTC"));
  expect([never.after(now), never.before(now)]).toEqual([undefined, undefined]);

  const start = new Date("2026-06-01T00:00:00Z");
  const once = timetable({ once: true }, settings("UTC", { start: start.toISOString() }));
  expect([once.after(now), once.after(start)]).toEqual([start, undefined]);
  expect([once.before(start), once.before(new Date("2027-01-01"))]).toEqual([undefined, start]);
  expect(timetable({ once: true }, settings("UTC")).after(now)).toBeUndefined();
});

const ZONES = [
  ...["UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Africa/Casablanca", "Africa/Cairo"],
  ...["America/Havana", "America/Santiago", "Antarctica/Troll", "Pacific/Chatham", "Pacific/Apia"],
  ...[
    "Asia/Kathmandu",
    "America/St_Johns",
    "Asia/Tehran",
    "Pacific/Kiritimati",
    "Asia/Gaza",
    "Europe/Dublin",
  ],
] as const;
const LINES = [
  ...["* * * * *", "*/5 * * * *", "*/7 * * * *", "0 * * * *", "30 * * * *", "0 */2 * * *", "0 */5 * * *"],
  ...["15,45 1-3 * * *", "30 2 * * *", "30 1 * * *", "0 0 * * *", "59 23 * * *", "0 3 * * 0", "30 2 * * MON"],
  ...["0 0 1 * *", "0 12 L * *", "0 9 15W * *", "0 9 LW * *", "0 9 * * MON#1", "0 9 * * FRI#L"],
  ...["0 0 29 2 *", "30 2 8 3 *", "0 0 * 1-6 *", "0 0 1 1 *"],
] as const;
/** Days on which clocks change somewhere, and a few years of others. */
const CHANGES = [
  ...["2026-02-15", "2026-03-08", "2026-03-22", "2026-03-29", "2026-04-05", "2026-04-24", "2026-09-06"],
  ...["2026-09-27", "2026-10-04", "2026-10-25", "2026-11-01", "2011-12-30"],
];
const instant = fc.oneof(
  fc
    .tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -1_800, max: 1_800 }))
    .map(([day, minutes]) => new Date(Date.parse(day) + minutes * 60_000 + 1)),
  fc.date({ min: new Date("2021-01-01"), max: new Date("2031-01-01"), noInvalidDate: true }),
);

it("goes strictly up, and its intervals touch, in every zone and whenever clocks change (I12)", () => {
  const holds = fc.property(
    ...[fc.constantFrom(...ZONES), fc.constantFrom(...LINES), instant],
    (timezone, cron, from) => {
      const { after, before } = ticksOf(timezone, cron);
      let last = after(from);
      for (let steps = 0; last && steps < 4; steps += 1) {
        const tick = after(last);
        if (!tick) return;
        expect(tick.getTime()).toBeGreaterThan(last.getTime());
        expect(before(tick)).toEqual(last);
        // Between two ticks there is none, from whichever side one looks.
        const between = new Date((last.getTime() + tick.getTime()) / 2);
        expect([before(between), after(between)]).toEqual([last, tick]);
        last = tick;
      }
    },
  );
  fc.assert(holds, { numRuns: 250 });
}, 60_000);
