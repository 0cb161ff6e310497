const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long something took or has taken so far: `7s`, `1m 12s`, `1h 04m`, `2d 03h`. */
export function spanInWords(ms: number): string {
  const whole = Math.max(0, ms);
  if (whole < MINUTE) return `${Math.floor(whole / SECOND)}s`;
  if (whole < HOUR) return pair(whole, MINUTE, "m", SECOND, "s");
  if (whole < DAY) return pair(whole, HOUR, "h", MINUTE, "m");
  return pair(whole, DAY, "d", HOUR, "h");
}

function pair(ms: number, unitMs: number, unit: string, nextMs: number, next: string): string {
  const rest = String(Math.floor((ms % unitMs) / nextMs)).padStart(2, "0");
  return `${Math.floor(ms / unitMs)}${unit} ${rest}${next}`;
}

/** How far away, in one unit: `52 s`, `12 m`, `5 h`, `3 d`. */
function far(ms: number): string {
  const whole = Math.abs(ms);
  if (whole < MINUTE) return `${Math.floor(whole / SECOND)} s`;
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)} m`;
  if (whole < DAY) return `${Math.floor(whole / HOUR)} h`;
  return `${Math.floor(whole / DAY)} d`;
}

/** An instant as seen from now: `14 m ago`, `in 12 m`; clocks that differ a little make it `now`. */
export function relativeTo(instant: Date, now: Date): string {
  const ms = instant.getTime() - now.getTime();
  if (Math.abs(ms) < SECOND) return "now";
  return ms < 0 ? `${far(ms)} ago` : `in ${far(ms)}`;
}
