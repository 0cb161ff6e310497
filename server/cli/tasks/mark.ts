import { Option, type Command } from "commander";
import { MARK_STATES, previewMark, requestMark, type MarkScope } from "../../commands/mark-tasks";
import type { MarkState } from "../../domain/task-instance";
import { as, WholeNumber } from "../arguments";
import type { Cli } from "../cli";
import { nodeOf, runOf } from "../look-up";
import { changeTasks } from "./change";
import { countOf, type ConfirmOptions } from "./confirm";

interface Options extends ConfirmOptions {
  readonly state: MarkState;
  readonly downstream?: true;
  readonly mapIndex?: number;
}

export function addTasksMark(tasks: Command, cli: Cli): void {
  tasks
    .command("mark")
    .description("Declare tasks to have ended; running ones are stopped first")
    .argument("<dag_id>")
    .argument("<run_id>", "or `latest`")
    .argument("<task_id...>")
    .addOption(
      new Option("--state <state>", "what they are to be").choices(MARK_STATES).makeOptionMandatory(),
    )
    .option("-d, --downstream", "and everything that comes after them")
    .option("--map-index <n>", "one instance of a mapped task", as(WholeNumber))
    .option("--dry-run", "show what would be marked")
    .option("-y, --yes", "do not ask")
    .action((dagId: string, runId: string, taskIds: readonly string[], options: Options) =>
      cli.withSystem(async (running) => {
        const run = await runOf(running.db, dagId, runId);
        const scope: MarkScope = {
          taskIds: taskIds.map((id) => nodeOf(run, id).id),
          mapIndex: options.mapIndex ?? null,
          withDownstream: options.downstream ?? false,
          to: options.state,
        };
        return changeTasks(
          running,
          run,
          {
            verb: "Mark",
            preview: (rows, graph) => previewMark(rows, graph, scope),
            async request(digest) {
              const ids = { dagId: run.dagId, runId: run.runId, idempotencyKey: crypto.randomUUID() };
              const outcome = await requestMark(running.door(), { ...ids, scope, digest });
              if (outcome.kind === "marked") return { ...outcome, kind: "done" };
              return outcome.kind === "nothing_to_mark" ? { kind: "nothing" } : outcome;
            },
            done: (count) => `Marked ${countOf(count)} of ${run.runId} ${options.state}.`,
            nothing: `There is nothing to mark: these tasks are ${options.state} already, or are just stopping.`,
          },
          options,
        );
      }),
    );
}
