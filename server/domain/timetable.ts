import { Cron } from "croner";
import type { DagSettings, Schedule } from "./serialized-dag";

/*
 * When a DAG has ticks. A scheduled run's logical date is its tick; its data interval is [the tick before, its tick).
 * croner 11 does the arithmetic in the DAG's zone: a daily job runs exactly once each local day, also where clocks
 * change (RELIABILITY section 4).
 */
export interface Timetable {
  /** The first tick strictly after an instant; undefined: none ever. */
  readonly after: (instant: Date) => Date | undefined;
  /** The last tick strictly before an instant. */
  readonly before: (instant: Date) => Date | undefined;
}

const NEVER: Timetable = { after: () => undefined, before: () => undefined };

export function timetable(schedule: Schedule, { timezone, start }: DagSettings): Timetable {
  if (schedule === null) return NEVER;
  if ("once" in schedule) return once(start ? new Date(start) : undefined);
  const crons = schedule.cron.map((line) => new Cron(line, { timezone, mode: "auto", paused: true }));
  return {
    after: (instant) => earliest(crons.map((cron) => nextRun(cron, instant))),
    before: (instant) => latest(crons.map((cron) => previousRun(cron, instant))),
  };
}

/** croner counts whole seconds; a tick at 12:00:00.000 is after 11:59:59.999. */
function nextRun(cron: Cron, instant: Date): Date | undefined {
  return cron.nextRun(instant) ?? undefined;
}

function previousRun(cron: Cron, instant: Date): Date | undefined {
  return cron.previousRuns(1, instant).at(0);
}

function once(at: Date | undefined): Timetable {
  if (!at) return NEVER;
  return {
    after: (instant) => (instant < at ? at : undefined),
    before: (instant) => (instant > at ? at : undefined),
  };
}

const earliest = (dates: readonly (Date | undefined)[]) => pick(dates, (a, b) => a < b);
const latest = (dates: readonly (Date | undefined)[]) => pick(dates, (a, b) => a > b);

function pick(dates: readonly (Date | undefined)[], better: (a: Date, b: Date) => boolean): Date | undefined {
  return dates.reduce((best, date) => (date && (!best || better(date, best)) ? date : best), undefined);
}
