const UNITS = ["bytes", "kB", "MB", "GB", "TB"] as const;

/** 512 bytes, 4.2 kB, 31 MB, 5 GB; of 1,000 each. */
export function bytesInWords(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  for (; amount >= 999.5 && unit < UNITS.length - 1; unit += 1) amount /= 1_000;
  const rounded =
    unit > 0 && amount < 9.95 ? amount.toFixed(1).replace(".0", "") : Math.round(amount).toFixed();
  return `${rounded} ${UNITS[unit] ?? ""}`;
}
