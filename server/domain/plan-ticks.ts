import type { DagSettings } from "./serialized-dag";
import type { Timetable } from "./timetable";

export interface TickPlan {
  /** Ticks to make runs of now, oldest first. */
  readonly create: readonly Date[];
  /** Whether a tick was passed over because only the latest one is made up for. */
  readonly missed: boolean;
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
export function planTicks({ timetable, settings, due, now, limit }: Given): TickPlan {
  const { catchup, end } = settings;
  const last = end ? new Date(Math.min(new Date(end).getTime(), now.getTime())) : now;
  if (catchup === false) {
    const latest = timetable.before(after1ms(last));
    const create = latest && latest >= due ? [latest] : [];
    return {
      create,
      missed: create.length > 0 && create[0]?.getTime() !== due.getTime(),
      next: beyond(timetable, now, end),
    };
  }

  const oldest = catchup === true ? due : new Date(now.getTime() - catchup);
  const create: Date[] = [];
  let tick: Date | undefined = due < oldest ? timetable.after(before1ms(oldest)) : due;
  const missed = due < oldest;
  for (; tick && tick <= last && create.length < limit; tick = timetable.after(tick)) create.push(tick);
  const more = tick !== undefined && tick <= last;
  return { create, missed, next: more ? (tick ?? null) : beyond(timetable, now, end) };
}

/** Where a DAG begins that has never had a tick: at its start if it makes up for the past, else at the next tick. */
export function firstTick(timetable: Timetable, settings: DagSettings, now: Date): Date | null {
  const start = settings.start ? new Date(settings.start) : undefined;
  const from = start && (settings.catchup !== false || start > now) ? before1ms(start) : now;
  const tick = timetable.after(from);
  return tick && !(settings.end && tick > new Date(settings.end)) ? tick : null;
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

function beyond(timetable: Timetable, now: Date, end: string | null): Date | null {
  const next = timetable.after(now);
  return next && !(end && next > new Date(end)) ? next : null;
}

const after1ms = (date: Date) => new Date(date.getTime() + 1);
const before1ms = (date: Date) => new Date(date.getTime() - 1);
