import { expect, it } from "vitest";
import { flawOfCronLine } from "./cron-line";
import { placeOf } from "./place";
import { serializeSchedule } from "./schedule";
import { instantOf, isZone } from "./zone";

// prettier-ignore
it.each<[string, string]>([
  ["0 25 * * *", '"0 25 * * *" is no cron line: hours go from 0 to 23.'],
  ["60 * * * *", '"60 * * * *" is no cron line: minutes go from 0 to 59.'],
  ["61 * * * * *", '"61 * * * * *" is no cron line: seconds go from 0 to 59.'],
  ["0 0 1-32 * *", '"0 0 1-32 * *" is no cron line: days of the month go from 1 to 31.'],
  ["0 0 1 13 *", '"0 0 1 13 *" is no cron line: months go from 1 to 12.'],
  ["0 0 * * 8", '"0 0 * * 8" is no cron line: days of the week go from 0 to 7.'],
  ["*/61 * * * *", '"*/61 * * * *" is no cron line: a step of minutes goes from 1 to 60.'],
  ["*/0 * * * *", '"*/0 * * * *" is no cron line: a step of minutes goes from 1 to 60.'],
  ["", '"" is no cron line: it is empty. Leave schedule out for "only by hand".'],
  ["  ", '"  " is no cron line: it is empty. Leave schedule out for "only by hand".'],
  ["* * * *", '"* * * *" is no cron line: it needs five fields (minute, hour, day, month, weekday), or six with seconds before them.'],
  ["0 0 0 1 1 * 2027", '"0 0 0 1 1 * 2027" is no cron line: it needs five fields (minute, hour, day, month, weekday), or six with seconds before them.'],
  ["0 0 30 2 *", '"0 0 30 2 *" is no cron line: no date ever matches it.'],
  ["0 7 * * MON-FRY", '"0 7 * * MON-FRY" is no cron line: it has no meaning for "FRY". Months are JAN to DEC, weekdays MON to SUN.'],
  ["a b c d e", '"a b c d e" is no cron line: configuration entry 1 (a) contains illegal characters.'],
  [`${"1,".repeat(200)}1 * * * *`, `"${"1,".repeat(30)}..." is no cron line: it has more than 256 characters.`],
])("refuses %j", (line, sentence) => {
  expect(flawOfCronLine(line, "UTC")).toBe(sentence);
});

it.each(["*/15 * * * *", "0 0 15W * *", "0 0 LW * *", "0 9 * * MON#5", "0 0 * * FRI#L", "0 0 29 2 *"])(
  "takes %j",
  (line) => {
    expect(flawOfCronLine(line, "Europe/Berlin")).toBeUndefined();
  },
);

const of = (schedule: string | null) =>
  serializeSchedule(schedule, { dagId: "d", timezone: "UTC", place: placeOf(of) });

it("makes lines of presets", () => {
  expect(of("@daily")).toEqual({ cron: ["0 0 * * *"] });
  expect(of("@quarterly")).toEqual({ cron: ["0 0 1 */3 *"] });
  expect(of("@once")).toEqual({ once: true });
  expect(of(null)).toBeNull();
  expect(() => of("@fortnightly")).toThrow("there is no such preset. Presets are @once, @hourly,");
});

// prettier-ignore
it.each<[string, string, string | undefined]>([
  ["2026-01-01", "Europe/Berlin", "2025-12-31T23:00:00.000Z"],
  ["2026-07-01T06:30", "Europe/Berlin", "2026-07-01T04:30:00.000Z"],
  ["2026-07-01T06:30:15.5Z", "Europe/Berlin", "2026-07-01T06:30:15.500Z"],
  ["2026-07-01T06:30+05:30", "UTC", "2026-07-01T01:00:00.000Z"],
  ["2026-03-29T03:00", "Europe/Berlin", "2026-03-29T01:00:00.000Z"],
  ["2026-10-25T03:00", "Europe/Berlin", "2026-10-25T02:00:00.000Z"],
  ["2026-04-05", "Pacific/Auckland", "2026-04-04T11:00:00.000Z"],
  ["2026-02-30", "UTC", undefined],
  ["tomorrow", "UTC", undefined],
  ["2026-01-01T25:00", "UTC", undefined],
])("reads %s in %s as %s", (text, zone, instant) => {
  expect(instantOf(text, zone)?.toISOString()).toBe(instant);
});

it("knows zones by their names only", () => {
  expect(["UTC", "Europe/Berlin", "America/Argentina/Ushuaia"].every(isZone)).toBe(true);
  expect(["", "+01:00", "Mars/Base", "Europe/Berlin; drop"].some(isZone)).toBe(false);
});
