import { expect, it } from "vitest";
import { scheduleInWords } from "./schedule-in-words";

it.each([
  ["* * * * *", "Every minute"],
  ["*/15 * * * *", "Every 15 min"],
  ["0/5 * * * *", "Every 5 min"],
  ["5 * * * *", "Hourly at :05"],
  ["0 */2 * * *", "Every 2 h"],
  ["30 2 * * *", "Daily at 02:30"],
  ["0 9 * * 1", "Mon at 09:00"],
  ["0 9 * * sun", "Sun at 09:00"],
  ["0 9 * * 7", "Sun at 09:00"],
  ["0 9 * * MON-FRI", "Mon to Fri at 09:00"],
  ["  30   2 * * *  ", "Daily at 02:30"],
  // Six fields: the first counts seconds.
  ["0 30 2 * * *", "Daily at 02:30"],
  ["*/30 * * * * *", "Every 30 seconds"],
  ["0 9 LW * *", "At 09:00, on the last weekday of the month"],
  ["0 9 * * MON#5", "At 09:00, on the fifth Monday of the month"],
  ["@hourly", "Every hour"],
])("%s: %s", (cron, words) => {
  expect(scheduleInWords({ cron: [cron] })).toBe(words);
});

it.each([["0 9 * * FRI#L"], ["1-99999999 * * * *"], [`0 9 * * ${"1,".repeat(200)}1`]])(
  "shows %s as it is, since there are no words for it",
  (cron) => {
    expect(scheduleInWords({ cron: [cron] })).toBe(cron);
  },
);

it("names what has no cron", () => {
  expect(scheduleInWords(null)).toBe("Manual only");
  expect(scheduleInWords({ once: true })).toBe("Once");
  expect(scheduleInWords({ cron: ["0 9 * * *", "30 18 * * *"] })).toBe("Daily at 09:00; Daily at 18:30");
});
