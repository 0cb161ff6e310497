import { Command, Option } from "commander";
import type { Cli } from "./cli";
import { addConnections } from "./connections/connections";
import { addDagsList } from "./dags/list";
import { addDagsListImportErrors } from "./dags/list-import-errors";
import { addDagsNext } from "./dags/next";
import { addDagsPause } from "./dags/pause";
import { addDagsShow } from "./dags/show";
import { addDagsTest } from "./dags/test";
import { addDagsTrigger } from "./dags/trigger";
import { addDb } from "./db/clean";
import { addDemo } from "./demo/demo";
import { addSingleProcesses } from "./processes/single";
import { addStandalone } from "./processes/standalone";
import { addRunsCancel } from "./runs/cancel";
import { addRunsList } from "./runs/list";
import { addRunsShow } from "./runs/show";
import { addTasksClear } from "./tasks/clear";
import { addTasksExplain } from "./tasks/explain";
import { addTasksList } from "./tasks/list";
import { addTasksLogs } from "./tasks/logs";
import { addTasksMark } from "./tasks/mark";
import { OUTPUTS, type Terminal } from "./terminal";
import { addUsers } from "./users/users";
import { addVariables } from "./variables/variables";

/** The bare program: options that every command takes, and how it speaks. */
export function makeProgram(version: string, { out, err }: Terminal): Command {
  return new Command("vane")
    .description("Run DAGs of TypeScript tasks, and look after them")
    .version(version)
    .option("--project <dir>", "folder of the project; the nearest one with .vane unless given")
    .addOption(new Option("--output <format>", "how results are printed").choices(OUTPUTS).default("table"))
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: out, writeErr: err })
    .showHelpAfterError("(--help shows how it is used)")
    .exitOverride();
}

export function addCommands(program: Command, cli: Cli): void {
  program.commandsGroup("Look and act:");
  const dags = program.command("dags").description("DAGs: list, show, trigger, pause, next runs, test");
  addDagsList(dags, cli);
  addDagsShow(dags, cli);
  addDagsTrigger(dags, cli);
  addDagsPause(dags, cli);
  addDagsNext(dags, cli);
  addDagsTest(dags, cli);
  addDagsListImportErrors(dags, cli);

  const runs = program.command("runs").description("Runs of DAGs: list, show, cancel");
  addRunsList(runs, cli);
  addRunsShow(runs, cli);
  addRunsCancel(runs, cli);

  const tasks = program.command("tasks").description("Tasks of a run: list, logs, clear, mark, explain");
  addTasksList(tasks, cli);
  addTasksLogs(tasks, cli);
  addTasksClear(tasks, cli);
  addTasksMark(tasks, cli);
  addTasksExplain(tasks, cli);

  addConnections(program, cli);
  addVariables(program, cli);
  addUsers(program, cli);
  addDb(program, cli);

  addDemo(program, cli);

  program.commandsGroup("Processes:");
  addStandalone(program, cli);
  addSingleProcesses(program, cli);
}
