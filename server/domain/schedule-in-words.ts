import cronstrue from "cronstrue";
import type { Schedule } from "./serialized-dag";

/** In few words, as a list has room for: `Every 15 min`, `Hourly at :05`, `Daily at 02:30`, else a sentence. */
export function scheduleInWords(schedule: Schedule): string {
  if (schedule === null) return "Manual only";
  if ("once" in schedule) return "Once";
  return schedule.cron.map(cronInWords).join("; ");
}

/** The loader takes no longer one; whoever calls with one that it has not seen gets it back as it is. */
const MAX_LENGTH = 256;
const SHORT: readonly (readonly [RegExp, (...found: string[]) => string])[] = [
  [/^\* \* \* \* \*$/, () => "Every minute"],
  [/^(?:\*|0)\/(\d+) \* \* \* \*$/, (minutes) => `Every ${minutes} min`],
  [/^(\d+) \* \* \* \*$/, (minute) => `Hourly at :${two(minute)}`],
  [/^0 (?:\*|0)\/(\d+) \* \* \*$/, (hours) => `Every ${hours} h`],
  [/^(\d+) (\d+) \* \* \*$/, (minute, hour) => `Daily at ${two(hour)}:${two(minute)}`],
  [
    /^(\d+) (\d+) \* \* (\d|[a-z]{3})$/i,
    (minute, hour, day) => `${dayOf(day)} at ${two(hour)}:${two(minute)}`,
  ],
  [
    /^(\d+) (\d+) \* \* (\d|[a-z]{3})-(\d|[a-z]{3})$/i,
    (minute, hour, from, to) => `${dayOf(from)} to ${dayOf(to)} at ${two(hour)}:${two(minute)}`,
  ],
];

function cronInWords(cron: string): string {
  if (cron.length > MAX_LENGTH) return cron;
  const line = cron.trim().replaceAll(/\s+/g, " ");
  // croner takes these for one longer: with a second 0 in front it is the same.
  const minutes = line.replace(/^0 (?=(?:\S+ ){4}\S+$)/, "");
  for (const [shape, words] of SHORT) {
    const found = shape.exec(minutes);
    if (found) return words(...found.slice(1));
  }
  try {
    return cronstrue.toString(line, { use24HourTimeFormat: true, throwExceptionOnParseError: true });
  } catch {
    // Of the extensions of croner it knows most. A wrong word would be worse than none.
    return cron;
  }
}

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

function dayOf(day = ""): string {
  return DAYS[Number(day)] ?? `${day.charAt(0).toUpperCase()}${day.slice(1).toLowerCase()}`;
}

const two = (number = "") => number.padStart(2, "0");
