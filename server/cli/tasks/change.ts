import type { Preview } from "../../commands/select-tasks";
import type { Waiting } from "../../commands/request-command";
import type { RunWithStructure } from "../../db/queries/find-run";
import { buildGraph, type Graph } from "../../domain/graph";
import type { TaskRow } from "../../db/queries/list-tasks";
import { VaneError } from "../../platform/errors";
import type { Running } from "../cli";
import { tasksOf } from "../look-up";
import { accepted, expired, runGone } from "../outcomes";
import { instanceName } from "./columns";
import { confirm, countOf, previewJson, type ConfirmOptions } from "./confirm";

type Answer =
  | Waiting
  | { readonly kind: "done"; readonly count: number; readonly stopping: number }
  | { readonly kind: "conflict"; readonly preview: Preview }
  | { readonly kind: "nothing" | "run_not_found" }
  | { readonly kind: "expired"; readonly sentence: string };

interface Change {
  readonly verb: "Clear" | "Mark";
  readonly preview: (tasks: readonly TaskRow[], graph: Graph) => Preview;
  readonly request: (digest: string) => Promise<Answer>;
  readonly done: (count: number) => string;
  readonly nothing: string;
}

/** With --yes nobody looks at the list, so a list that has changed is simply taken anew; not for ever. */
const MOST_TRIES = 5;

/** Preview, question, request: the same for every command that changes tasks of a run. */
export async function changeTasks(
  running: Running,
  run: RunWithStructure,
  change: Change,
  options: ConfirmOptions,
): Promise<undefined> {
  const { db, print } = running;
  const { dagId, runId } = run;
  let preview = change.preview(await tasksOf(db, run), buildGraph(run.structure));

  for (let tries = 1; ; tries += 1) {
    if (options.dryRun || preview.tasks.length === 0) {
      show(running, run, preview, change.nothing);
      return undefined;
    }
    if (!(await confirm(running, preview, change.verb, options))) {
      print.note("Nothing was done.");
      return undefined;
    }
    const answer = await change.request(preview.digest);
    switch (answer.kind) {
      case "done": {
        const stopping = answer.stopping > 0 ? ` ${countOf(answer.stopping)} of them must stop first.` : "";
        print.either(
          () => ({ dag_id: dagId, run_id: runId, count: answer.count, stopping: answer.stopping }),
          () => `${change.done(answer.count)}${stopping}\n`,
        );
        return undefined;
      }
      case "conflict":
        preview = answer.preview;
        if (tries < MOST_TRIES && (options.yes || running.terminal.interactive)) {
          print.note("Something has changed meanwhile.");
          continue;
        }
        throw new VaneError(
          "command.conflict",
          "The tasks changed while they were looked at. Nothing was done; try again.",
        );
      case "nothing":
        print.note(change.nothing);
        return undefined;
      case "waiting":
        print.note(accepted(dagId));
        return undefined;
      case "run_not_found":
        throw runGone(dagId, runId);
      case "expired":
        throw expired(answer.sentence);
    }
  }
}

function show(
  { print }: Running,
  { dagId, runId }: RunWithStructure,
  preview: Preview,
  nothing: string,
): void {
  const rows = previewJson(dagId, runId, preview);
  print.list(rows, (row) => row, [
    {
      heading: "task_id",
      of: ({ task_id, map_index }) => instanceName({ taskId: task_id, mapIndex: map_index }),
    },
    { heading: "state", of: ({ state }) => state, paint: print.state },
    { heading: "try", of: ({ try_number }) => try_number },
  ]);
  if (rows.length === 0) print.note(nothing);
}
