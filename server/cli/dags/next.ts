import type { Command } from "commander";
import type { DagRow } from "../../db/queries/find-dag";
import { firstTick, intervalOf } from "../../domain/plan-ticks";
import { timetable, type Timetable } from "../../domain/timetable";
import { as, PositiveNumber } from "../arguments";
import type { Cli } from "../cli";
import { durationInWords } from "../../domain/duration-in-words";
import { shortIso } from "../format/duration";
import { dagOf } from "../look-up";

/** Enough to see a pattern, and never a loop that somebody has to wait for. */
const DEFAULT_COUNT = 5;
const MOST = 1_000;

export function addDagsNext(dags: Command, cli: Cli): void {
  dags
    .command("next")
    .description("Show when a DAG's next runs are due")
    .argument("<dag_id>")
    .option("-n, --num-executions <n>", "how many", as(PositiveNumber), DEFAULT_COUNT)
    .action((dagId: string, { numExecutions }: { numExecutions: number }) =>
      cli.withSystem(async ({ db, clock, print }) => {
        const dag = await dagOf(db, dagId);
        const now = clock.now();
        const { schedule, settings } = dag.structure;
        const table = timetable(schedule, settings);
        const ticks = nextTicks(dag, table, now, Math.min(numExecutions, MOST)).map((tick) => {
          return { tick, ...intervalOf(table, tick) };
        });
        print.list(
          ticks,
          ({ tick, start, end }) => ({
            dag_id: dag.dagId,
            logical_date: tick.toISOString(),
            run_after: tick.toISOString(),
            data_interval_start: start.toISOString(),
            data_interval_end: end.toISOString(),
          }),
          [
            { heading: "logical_date", of: ({ tick }) => shortIso(tick) },
            { heading: settings.timezone, of: ({ tick }) => localTime(tick, settings.timezone) },
            { heading: "in", of: ({ tick }) => durationInWords(tick.getTime() - now.getTime()) },
            { heading: "data_interval_start", of: ({ start }) => shortIso(start) },
          ],
        );
        if (ticks.length === 0) {
          print.note(
            schedule ? `${dagId} has no run ahead.` : `${dagId} has no schedule: it runs when triggered.`,
          );
        }
        if (dag.paused && ticks.length > 0)
          print.note(`${dagId} is paused: none of these is made until it is unpaused.`);
        return undefined;
      }),
    );
}

/** From what the owner will make next on; before one has claimed the DAG, from what it would. */
function nextTicks({ nextRun, structure }: DagRow, table: Timetable, now: Date, count: number): Date[] {
  const { settings } = structure;
  const end = settings.end ? new Date(settings.end) : undefined;
  const ticks: Date[] = [];
  let tick = nextRun ?? firstTick(table, settings, now) ?? undefined;
  for (; tick && ticks.length < count && !(end && tick > end); tick = table.after(tick)) ticks.push(tick);
  return ticks;
}

const localTime = (date: Date, timeZone: string) =>
  date.toLocaleString("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
