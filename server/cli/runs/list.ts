import { Option, type Command } from "commander";
import { listRuns } from "../../db/queries/list-runs";
import { query } from "../../db/sql/statement";
import { RUN_STATES, type RunStateName } from "../../domain/run-state";
import { as, WholeNumber } from "../arguments";
import type { Cli } from "../cli";
import { elapsedInWords, shortIso } from "../format/duration";
import { runJson } from "../json";
import { dagOf } from "../look-up";

/** What fits on a few screens. JSON is for programs, which do not look for a note that something is missing. */
const TABLE_LIMIT = 100;

interface Options {
  readonly state?: RunStateName;
  readonly limit?: number;
}

export function addRunsList(runs: Command, cli: Cli): void {
  runs
    .command("list")
    .description("List runs, newest first")
    .argument("[dag_id]", "only runs of this DAG")
    .addOption(new Option("--state <state>", "only runs in this state").choices(RUN_STATES))
    .option(
      "--limit <n>",
      `at most so many; 0 for all (${TABLE_LIMIT} in a table, all in JSON)`,
      as(WholeNumber),
    )
    .action((typed: string | undefined, { state, limit }: Options) =>
      cli.withSystem(async ({ db, clock, print }) => {
        const dagId = typed === undefined ? null : (await dagOf(db, typed)).dagId;
        const most = limit ?? (print.format === "json" ? 0 : TABLE_LIMIT);
        const found = await query(
          db,
          listRuns({ dagId, state: state ?? null, limit: most === 0 ? null : most + 1 }),
        );
        const shown = most === 0 ? found : found.slice(0, most);
        const now = clock.now();
        print.list(shown, runJson, [
          { heading: "dag_id", of: (run) => run.dagId },
          { heading: "run_id", of: (run) => run.runId },
          { heading: "state", of: (run) => run.state, paint: print.state },
          { heading: "run_after", of: (run) => shortIso(run.runAfter) },
          { heading: "duration", of: (run) => elapsedInWords(run.startedAt, run.endedAt, now) || "-" },
        ]);
        if (shown.length === 0) print.note("There are no such runs.");
        if (found.length > shown.length) print.note(`These are the newest ${most}; --limit 0 shows all.`);
        return undefined;
      }),
    );
}
