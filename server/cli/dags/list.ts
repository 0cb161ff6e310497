import type { Command } from "commander";
import { listDags } from "../../db/queries/list-dags";
import { listImportErrors } from "../../db/queries/list-import-errors";
import { query } from "../../db/sql/statement";
import type { Cli } from "../cli";
import { shortIso } from "../format/duration";
import { dagJson, scheduleInWords } from "../json";
import { filesInWords } from "../look-up";

export function addDagsList(dags: Command, cli: Cli): void {
  dags
    .command("list")
    .description("List all DAGs")
    .action(() =>
      cli.withSystem(async ({ db, system, print }) => {
        const found = await query(db, listDags());
        const problems = await query(db, listImportErrors());
        const broken = problems.filter(({ severity }) => severity === "error");
        print.list(
          found,
          ({ lastRun, ...dag }) => ({
            ...dagJson(dag),
            last_run_id: lastRun?.runId ?? null,
            last_run_state: lastRun?.state ?? null,
          }),
          [
            { heading: "dag_id", of: ({ dagId }) => dagId },
            { heading: "schedule", of: ({ schedule }) => scheduleInWords(schedule) ?? "-" },
            { heading: "paused", of: ({ paused }) => (paused ? "yes" : "no") },
            { heading: "next_run", of: ({ nextRun, paused }) => (paused ? "-" : shortIso(nextRun) || "-") },
            { heading: "last_run", of: ({ lastRun }) => shortIso(lastRun?.runAfter ?? null) || "-" },
            { heading: "state", of: ({ lastRun }) => lastRun?.state ?? "-", paint: print.state },
            { heading: "file", of: ({ file }) => file },
          ],
        );
        if (found.length === 0 && broken.length === 0) {
          print.note(`There are no DAGs yet. Put a file that exports one into ${system.project}/dags.`);
        }
        for (const { dagId, quarantine } of found) {
          if (quarantine !== null)
            print.note(`${dagId} is in quarantine, nothing of it moves: ${quarantine}`);
        }
        if (broken.length > 0) {
          print.note(
            `${filesInWords(broken.length)} could not be loaded: vane dags list-import-errors says why.`,
          );
        }
        if (problems.length > broken.length) {
          print.note(
            `${filesInWords(problems.length - broken.length)} with warnings: vane dags list-import-errors says which.`,
          );
        }
        return undefined;
      }),
    );
}
