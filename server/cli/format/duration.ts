const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
] as const;

/** The two largest units: 850ms, 4.2s, 1m 4s, 2h 3m, 5d 1h. */
export function durationInWords(ms: number): string {
  if (ms < 1_000) return `${Math.max(Math.round(ms), 0)}ms`;
  if (ms < 10_000) return `${Math.floor(ms / 100) / 10}s`;
  const first = UNITS.findIndex(([, unitMs]) => ms >= unitMs);
  let left = ms;
  const parts = UNITS.slice(first, first + 2).map(([name, unitMs]) => {
    const count = Math.floor(left / unitMs);
    left -= count * unitMs;
    return count > 0 ? `${count}${name}` : "";
  });
  return parts.filter(Boolean).join(" ");
}

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
