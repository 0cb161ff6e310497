import type { Schedule as SerializedSchedule } from "../domain/serialized-dag";
import { flawOfCronLine } from "./cron-line";
import { loadError, type Place } from "./place";

export type Preset = "@once" | "@hourly" | "@daily" | "@weekly" | "@monthly" | "@quarterly" | "@yearly";

/** A cron line (5 or 6 fields, in the DAG's zone) or a preset. null: only by hand. */
export type Schedule = Preset | (string & {}) | null;

const PRESETS: ReadonlyMap<string, string> = new Map([
  ["@hourly", "0 * * * *"],
  ["@daily", "0 0 * * *"],
  ["@weekly", "0 0 * * 0"],
  ["@monthly", "0 0 1 * *"],
  ["@quarterly", "0 0 1 */3 *"],
  ["@yearly", "0 0 1 1 *"],
]);

interface Of {
  readonly dagId: string;
  readonly timezone: string;
  readonly place: Place;
}

/** @internal */
export function serializeSchedule(schedule: Schedule, { dagId, timezone, place }: Of): SerializedSchedule {
  if (schedule === null) return null;
  if (schedule === "@once") return { once: true };
  const line = PRESETS.get(schedule) ?? schedule;
  const flaw = flawOfCronLine(line, timezone);
  if (!flaw) return { cron: [line.trim()] };
  const presets = line.startsWith("@") ? ` Presets are @once, ${[...PRESETS.keys()].join(", ")}.` : "";
  throw loadError("schedule.invalid", `DAG ${dagId}, schedule: ${flaw}${presets}`, place);
}
