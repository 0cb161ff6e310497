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
