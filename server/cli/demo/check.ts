import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { listRuns } from "../../db/queries/list-runs";
import { query } from "../../db/sql/statement";
import { compareRuns, Expected, type Checked } from "../../demo/compare";
import { messagesFolder, readMessages } from "../../demo/message-file";
import { VaneError } from "../../platform/errors";
import { as, PositiveNumber } from "../arguments";
import type { Cli } from "../cli";
import { table } from "../format/table";
import { runJson } from "../json";

interface Options {
  readonly minutes: number;
}

const MINUTES = 20;

export function addDemoCheck(demo: Command, cli: Cli): void {
  demo
    .command("check")
    .description(
      "Compare the runs (`runs list --output json`) with dags/demo/expected.json; exit code 1 if they differ",
    )
    .option(
      "--minutes <n>",
      "look at the last so many; the demo must have run that long",
      as(PositiveNumber),
      MINUTES,
    )
    .action(({ minutes }: Options) =>
      cli.withSystem(async ({ db, clock, system, print, terminal }) => {
        const expected = await readExpected(join(system.project, "dags", "demo", "expected.json"));
        const runs = await query(db, listRuns({ dagId: null, state: null, limit: null }));
        const { dags, differences } = compareRuns({
          ...{ expected, minutes },
          runs: runs.map(runJson),
          messages: readMessages(messagesFolder(system.home)),
          now: clock.now(),
        });
        print.either(
          () => ({ minutes, differences: [...differences], dags: dags.map(checkedJson) }),
          () => table(dags, COLUMNS),
        );
        if (print.format === "table") for (const difference of differences) terminal.out(`${difference}\n`);
        print.note(
          differences.length === 0
            ? `The demo did what it should in the last ${minutes} minutes.`
            : `The demo did not do what it should in the last ${minutes} minutes.`,
        );
        return differences.length === 0 ? 0 : 1;
      }),
    );
}

async function readExpected(file: string): Promise<Expected> {
  try {
    return Expected.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (cause) {
    const sentence = `${file} cannot be read. It comes with a clone of Vane; name the clone with --project DIR.`;
    throw new VaneError("input.invalid", sentence, { cause });
  }
}

const checkedJson = ({ dagId, ends, wanted, runs, asExpected }: Checked) => ({
  ...{ dag_id: dagId, ends, runs, wanted },
  as_expected: asExpected,
});

const COLUMNS = [
  { heading: "dag_id", of: (dag: Checked) => dag.dagId },
  { heading: "ends in", of: (dag: Checked) => dag.ends },
  { heading: "runs", of: (dag: Checked) => dag.runs },
  { heading: "as expected", of: (dag: Checked) => dag.asExpected },
  { heading: "at least", of: (dag: Checked) => dag.wanted },
];
