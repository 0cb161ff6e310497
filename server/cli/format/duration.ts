import { durationInWords } from "../../domain/duration-in-words";

/** To the second and in UTC, so that a column of them lines up and can be pasted into an option. */
export const shortIso = (date: Date | null) => (date ? `${date.toISOString().slice(0, 19)}Z` : "");

/** From `from` to `to`, or to now while it lasts; null before it has begun. */
export function elapsedMs(from: Date | null, to: Date | null, now: Date): number | null {
  return from ? Math.max((to ?? now).getTime() - from.getTime(), 0) : null;
}

export const elapsedInWords = (from: Date | null, to: Date | null, now: Date) => {
  const ms = elapsedMs(from, to, now);
  return ms === null ? "" : durationInWords(ms);
};

/** As Airflow has it in JSON: seconds with a fraction, null while it runs. */
export const durationSeconds = (from: Date | null, to: Date | null) =>
  from && to ? Math.max(to.getTime() - from.getTime(), 0) / 1_000 : null;
