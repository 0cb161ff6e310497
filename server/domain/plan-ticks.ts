import type { DagSettings } from "./serialized-dag";
import type { Timetable } from "./timetable";

export interface TickPlan {
  /** Ticks to make runs of now, oldest first. */
  readonly create: readonly Date[];
  /** The next tick to look at: in the past when there is more to make up for. */
  readonly next: Date | null;
}

interface Given {
  readonly timetable: Timetable;
  readonly settings: Pick<DagSettings, "catchup" | "end" | "start">;
  /** The first tick that has not been decided about. */
  readonly due: Date;
  readonly now: Date;
  /** What is more waits for the next pass: five years of minutes must not stall anything (I13). */
  readonly limit: number;
}

/**
 * Which of the ticks up to now become runs. Without catch-up only the latest one, late; with it all of them, or those
 * within its window, bounded per pass and oldest first (DESIGN section 6).
 */
export function planTicks({ timetable, settings, due: since, now, limit }: Given): TickPlan {
  const { catchup, start, end } = settings;
  const last = end ? new Date(Math.min(new Date(end).getTime(), now.getTime())) : now;
  // A version may have moved the start beyond what was due until then.
  const due = start && new Date(start) > since ? new Date(start) : since;
  if (catchup === false) {
    const latest = timetable.before(after1ms(last));
    return {
      create: latest && latest >= due ? [latest] : [],
      next: nextTick(timetable, settings, now),
    };
  }

  const oldest = catchup === true ? due : new Date(Math.max(now.getTime() - catchup, due.getTime()));
  const create: Date[] = [];
  let tick = timetable.after(before1ms(oldest));
  for (; tick && tick <= last && create.length < limit; tick = timetable.after(tick)) create.push(tick);
  const more = tick && tick <= last ? tick : null;
  return { create, next: more ?? nextTick(timetable, settings, now) };
}

/** The first tick after an instant that lies between start and end. */
export function nextTick(
  timetable: Timetable,
  { start, end }: Pick<DagSettings, "start" | "end">,
  instant: Date,
): Date | null {
  const from = start && new Date(start) > instant ? before1ms(new Date(start)) : instant;
  const tick = timetable.after(from);
  return tick && !(end && tick > new Date(end)) ? tick : null;
}

/** Where a DAG begins that has never had a tick: at its start if it makes up for the past, else at the next tick. */
export function firstTick(timetable: Timetable, settings: DagSettings, now: Date): Date | null {
  const start = settings.start ? new Date(settings.start) : undefined;
  return nextTick(timetable, settings, start && settings.catchup !== false ? before1ms(start) : now);
}

/** The interval a tick closes: half open, from the tick before. */
export const intervalOf = (timetable: Timetable, tick: Date) => ({
  start: timetable.before(tick) ?? tick,
  end: tick,
});

/** The last complete interval at an instant, for runs by hand; both ends are the instant where there are no ticks. */
export function lastInterval(timetable: Timetable, instant: Date): { start: Date; end: Date } {
  const end = timetable.before(after1ms(instant));
  return end ? intervalOf(timetable, end) : { start: instant, end: instant };
}

const after1ms = (date: Date) => new Date(date.getTime() + 1);
const before1ms = (date: Date) => new Date(date.getTime() - 1);
