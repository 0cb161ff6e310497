import type { Command } from "commander";
import type { Cli } from "../cli";
import { taskJson } from "../json";
import { runOf, tasksOf } from "../look-up";
import { taskColumns } from "./columns";

export function addTasksList(tasks: Command, cli: Cli): void {
  tasks
    .command("list")
    .description("List the tasks of a run with their states")
    .argument("<dag_id>")
    .argument("<run_id>", "or `latest`")
    .action((dagId: string, runId: string) =>
      cli.withSystem(async ({ db, clock, print }) => {
        const run = await runOf(db, dagId, runId);
        const found = await tasksOf(db, run);
        print.list(found, (task) => taskJson(run, task), taskColumns(print.state, clock.now()));
        return undefined;
      }),
    );
}
