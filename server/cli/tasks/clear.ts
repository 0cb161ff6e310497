import type { Command } from "commander";
import type { Client } from "pg";
import { previewClear, requestClear, type ClearScope } from "../../commands/clear-tasks";
import type { RunWithStructure } from "../../db/queries/find-run";
import { as, WholeNumber } from "../arguments";
import type { Cli } from "../cli";
import { dagOf, nodeOf, runOf } from "../look-up";
import { changeTasks } from "./change";
import { countOf, type ConfirmOptions } from "./confirm";

interface Options extends ConfirmOptions {
  readonly downstream?: true;
  readonly onlyFailed?: true;
  readonly mapIndex?: number;
  readonly originalVersion?: true;
}

/** The run as it goes on: an ended one with the newest version of its DAG, unless its own is wanted. */
async function goingOn(
  db: Client,
  run: RunWithStructure,
  version: "latest" | "original",
): Promise<RunWithStructure> {
  if (version === "original" || run.endedAt === null) return run;
  return { ...run, structure: (await dagOf(db, run.dagId)).structure };
}

export function addTasksClear(tasks: Command, cli: Cli): void {
  tasks
    .command("clear")
    .description("Run tasks again as new attempts; the old ones stay in the history")
    .argument("<dag_id>")
    .argument("<run_id>", "or `latest`")
    .argument("[task_id...]", "all tasks of the run unless given")
    .option("-d, --downstream", "and everything that comes after them")
    .option("--only-failed", "only those that failed, or whose upstream did")
    .option("--map-index <n>", "one instance of a mapped task", as(WholeNumber))
    .option("--original-version", "go on with the code that the run had; else an ended run takes the newest")
    .option("--dry-run", "show what would be cleared")
    .option("-y, --yes", "do not ask")
    .action((dagId: string, runId: string, taskIds: readonly string[], options: Options) =>
      cli.withSystem(async (running) => {
        const version = options.originalVersion ? "original" : "latest";
        const run = await goingOn(running.db, await runOf(running.db, dagId, runId), version);
        const named =
          taskIds.length > 0
            ? taskIds.map((id) => nodeOf(run, id).id)
            : run.structure.nodes.map(({ id }) => id);
        const scope: ClearScope = {
          taskIds: named,
          mapIndex: options.mapIndex ?? null,
          withDownstream: options.downstream ?? false,
          onlyFailed: options.onlyFailed ?? false,
        };
        return changeTasks(
          running,
          run,
          {
            verb: "Clear",
            preview: (rows, graph) => previewClear(rows, graph, scope),
            async request(digest) {
              const ids = { dagId: run.dagId, runId: run.runId, idempotencyKey: crypto.randomUUID() };
              const outcome = await requestClear(running.door(), { ...ids, scope, version, digest });
              if (outcome.kind === "cleared") return { ...outcome, kind: "done" };
              return outcome.kind === "nothing_to_clear" ? { kind: "nothing" } : outcome;
            },
            done: (count) => `Cleared ${countOf(count)} of ${run.runId}: the run goes on.`,
            nothing: "There is nothing to clear: none of these tasks has begun.",
          },
          options,
        );
      }),
    );
}
