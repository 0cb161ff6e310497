import { Cron } from "croner";

/** Where the search for a match begins. Fixed, so that the same line is taken or refused on any day. */
const FROM = new Date("2026-01-01T00:00:00Z");
const LONGEST = 256;

interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

const SECONDS: Field = { name: "seconds", from: 0, to: 59 };
const FIELDS: readonly Field[] = [
  { name: "minutes", from: 0, to: 59 },
  { name: "hours", from: 0, to: 23 },
  { name: "days of the month", from: 1, to: 31 },
  { name: "months", from: 1, to: 12 },
  { name: "days of the week", from: 0, to: 7 },
];

/** Why this is no cron line that Vane can follow, as a sentence; undefined when it is one. */
export function flawOfCronLine(line: string, timezone: string): string | undefined {
  const why = whyNot(line, timezone);
  const shown = line.length > 60 ? `${line.slice(0, 60)}...` : line;
  return why && `"${shown}" is no cron line: ${why}`;
}

function whyNot(line: string, timezone: string): string | undefined {
  if (line.length > LONGEST) return `it has more than ${LONGEST} characters.`;
  const parts = line.trim().split(/\s+/).filter(Boolean);
  if (parts.length === 0) return 'it is empty. Leave schedule out for "only by hand".';
  if (parts.length === 1 && line.startsWith("@")) return "there is no such preset.";
  if (parts.length !== 5 && parts.length !== 6) {
    return "it needs five fields (minute, hour, day, month, weekday), or six with seconds before them.";
  }
  const fields = parts.length === 6 ? [SECONDS, ...FIELDS] : FIELDS;
  return parts.map((part, at) => flawOfField(part, fields[at])).find(Boolean) ?? cronerSays(line, timezone);
}

/** The commonest mistakes in words of our own; whatever is left is croner's to judge. */
function flawOfField(part: string, field: Field | undefined): string | undefined {
  if (!field) return undefined;
  const { name, from, to } = field;
  for (const item of part.split(",")) {
    const [values = "", step] = item.split("/");
    const outside = (values.match(/(?<![#\w])\d+/g) ?? []).find((n) => Number(n) < from || Number(n) > to);
    if (outside) return `${name} go from ${from} to ${to}.`;
    const most = to - from + 1;
    if (step !== undefined && /^\d+$/.test(step) && (Number(step) < 1 || Number(step) > most)) {
      return `a step of ${name} goes from 1 to ${most}.`;
    }
  }
  return undefined;
}

function cronerSays(line: string, timezone: string): string | undefined {
  try {
    const next = new Cron(line, { timezone, paused: true }).nextRun(FROM);
    return next ? undefined : "no date ever matches it.";
  } catch (error) {
    const name = unknownName(line);
    if (name !== undefined)
      return `it has no meaning for "${name}". Months are JAN to DEC, weekdays MON to SUN.`;
    const why = error instanceof Error ? error.message : String(error);
    return `${why.replace(/^CronPattern: |\.$/g, "")}.`;
  }
}

const NAMES = new Set(
  "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC MON TUE WED THU FRI SAT SUN".split(" "),
);

/** Asked only of a line that croner refuses, so that it cannot refuse more. One letter may be L or W. */
const unknownName = (line: string) =>
  line.match(/[a-z]{2,}/gi)?.find((word) => !NAMES.has(word.toUpperCase()));
