/** IANA names only: an offset as "+02:00" would not follow the summer time that people mean. */
export function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    formatter(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * "2026-01-01" or "2026-01-01T06:00" is local time in the zone; with Z or an offset it is that instant. undefined: no
 * date. A local time that a summer-time gap skips is the instant as if the clock had not been moved.
 */
export function instantOf(text: string, zone: string): Date | undefined {
  const found = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)?(Z|[+-]\d{2}:\d{2})?$/.exec(
    text,
  );
  if (!found) return undefined;
  const [, day = "", time = "T00:00", offset] = found;
  const asUtc = new Date(`${day}${time}Z`);
  if (Number.isNaN(asUtc.getTime()) || !asUtc.toISOString().startsWith(day)) return undefined;
  if (offset) return new Date(`${day}${time}${offset}`);
  // The offset at the wrong instant is wrong only near a change of it, and right when asked once more.
  const guess = asUtc.getTime() - offsetMs(asUtc.getTime(), zone);
  return new Date(asUtc.getTime() - offsetMs(guess, zone));
}

function offsetMs(at: number, zone: string): number {
  const parts = new Map(
    formatter(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  const local = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
  return local - Math.floor(at / 1_000) * 1_000;
}

const formatter = (timeZone: string) =>
  new Intl.DateTimeFormat("en-US", {
    timeZone,
    ...({ calendar: "gregory", numberingSystem: "latn", hourCycle: "h23" } as const),
    ...({ year: "numeric", month: "numeric", day: "numeric" } as const),
    ...({ hour: "numeric", minute: "numeric", second: "numeric" } as const),
  });
