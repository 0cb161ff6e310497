/**
 * Text that Postgres takes: it knows no NUL, and UTF-8 knows no lone surrogates. What users write (messages, stacks,
 * names) may have both, and must not fail the flush it travels in.
 */
export function storableText(text: string): string {
  const whole = Buffer.from(text, "utf8").toString("utf8"); // a lone surrogate becomes U+FFFD
  return whole.includes("\0") ? whole.replaceAll("\0", "\uFFFD") : whole;
}

/** Times travel as ISO text: node-postgres would write a Date in the zone of this machine. */
export const isoOrNull = (date: Date | null): string | null => date?.toISOString() ?? null;

export const jsonOrNull = (value: object | null): string | null => (value ? JSON.stringify(value) : null);
