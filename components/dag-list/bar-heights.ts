/** What has not ended yet has no length of its own: high enough for its glyph. */
const OPEN_PX = 12;
const LEAST_PX = 3;
const MOST_PX = 28;
/** Of the highest: a run that takes as long as most do leaves room above it for one that takes longer. */
const USUAL = 0.7;

/** Heights in px, against the 95th percentile of these runs; one that took far longer is cut off. */
export function barHeights(durationsMs: readonly (number | null)[]): number[] {
  const sorted = durationsMs.filter((ms) => ms !== null).sort((a, b) => a - b);
  const p95 = sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0;
  const median = sorted[Math.ceil(sorted.length / 2) - 1] ?? 0;
  const full = Math.max(p95, median / USUAL);
  return durationsMs.map((ms) => {
    if (ms === null) return OPEN_PX;
    const share = full === 0 ? USUAL : ms / full;
    return Math.round(Math.min(MOST_PX, Math.max(LEAST_PX, share * MOST_PX)));
  });
}
