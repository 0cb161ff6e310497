import type { Command } from "commander";
import { explainFacts } from "../../db/queries/explain-facts";
import { listTasks } from "../../db/queries/list-tasks";
import { query } from "../../db/sql/statement";
import { awaitsCheck } from "../../domain/awaits-check";
import { explainTask } from "../../domain/explain-task";
import { as, WholeNumber } from "../arguments";
import type { Cli, Running } from "../cli";
import { table } from "../format/table";
import { nodeOf, runOf } from "../look-up";
import { dagGone, noInstance } from "../outcomes";
import { runErrorLine } from "../../domain/error-line";

export function addTasksExplain(tasks: Command, cli: Cli): void {
  tasks
    .command("explain")
    .description("Say why a task is not running: every rule, met or not")
    .argument("<dag_id>")
    .argument("<run_id>", "or `latest`")
    .argument("<task_id>")
    .option("--map-index <n>", "which instance of a mapped task", as(WholeNumber))
    .action((dagId: string, runId: string, taskId: string, { mapIndex }: { mapIndex?: number }) =>
      cli.withSystem(async (running) => {
        await explain(running, { dagId, runId, taskId, mapIndex: mapIndex ?? -1 });
        return undefined;
      }),
    );
}

interface Asked {
  readonly dagId: string;
  readonly runId: string;
  readonly taskId: string;
  readonly mapIndex: number;
}

async function explain({ db, print }: Running, { dagId, runId, taskId, mapIndex }: Asked): Promise<void> {
  const run = await runOf(db, dagId, runId);
  const node = nodeOf(run, taskId);
  const tasks = await query(db, listTasks(run.runKey));
  const task = tasks.find((other) => other.taskId === node.id && other.mapIndex === mapIndex);
  if (!task) throw noInstance(taskId, run.runId);
  const [facts] = await query(db, explainFacts(run.dagId));
  if (!facts) throw dagGone(run.dagId);

  const { maxActiveRuns, maxActiveTasks } = run.structure.settings;
  const { answer, verdicts } = explainTask({
    ...facts,
    task: {
      ...task,
      because: task.reason === "params_invalid" && run.error ? runErrorLine(run.error) : null,
    },
    run: { state: run.state, awaitsCheck: awaitsCheck(run.structure, tasks) },
    runs: { active: facts.activeRuns, maxActive: maxActiveRuns },
    upstream: tasks.filter((other) => node.after.includes(other.taskId)),
    dag: { activeTasks: facts.activeTasks, maxActiveTasks },
  });
  print.either(
    () => ({
      ...{
        dag_id: run.dagId,
        run_id: run.runId,
        task_id: node.id,
        map_index: mapIndex,
        state: task.state,
        answer,
      },
      rules: verdicts.map(({ rule, met, reason }) => ({ rule, met, reason })),
    }),
    () => {
      const rules = table(verdicts, [
        { heading: "rule", of: ({ rule }) => rule },
        { heading: "met", of: ({ met }) => (met ? "yes" : "no") },
        { heading: "because", of: ({ reason }) => reason },
      ]);
      return `${answer}\n\n${rules}`;
    },
  );
}
