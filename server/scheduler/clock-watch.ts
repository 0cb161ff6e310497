/** The database's clock and our monotonic one must go at one pace; further apart than this, one of them has jumped. */
const APART_MS = 5_000;

/**
 * Says by how much the database's clock has jumped since it was last heard of; undefined while it goes as time does. It was
 * read at some moment of the round trip, so as much is not known.
 */
export function clockWatch(): (
  databaseTime: Date,
  monotonicMs: number,
  roundTripMs: number,
) => number | undefined {
  let last:
    { readonly databaseMs: number; readonly monotonicMs: number; readonly doubtMs: number } | undefined;
  return function heard(databaseTime, monotonicMs, roundTripMs) {
    const databaseMs = databaseTime.getTime();
    const before = last;
    last = { databaseMs, monotonicMs, doubtMs: roundTripMs };
    if (!before) return undefined;
    const apartMs = databaseMs - before.databaseMs - (monotonicMs - before.monotonicMs);
    return Math.abs(apartMs) > APART_MS + roundTripMs + before.doubtMs ? apartMs : undefined;
  };
}
