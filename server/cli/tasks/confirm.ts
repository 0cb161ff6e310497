import type { Preview } from "../../commands/select-tasks";
import { VaneError } from "../../platform/errors";
import type { Running } from "../cli";
import { table } from "../format/table";
import { instanceName } from "./columns";

export interface ConfirmOptions {
  readonly yes?: true;
  readonly dryRun?: true;
}

export const previewJson = (dagId: string, runId: string, { tasks }: Preview) =>
  tasks.map(({ taskId, mapIndex, state, attempt }) => ({
    dag_id: dagId,
    run_id: runId,
    task_id: taskId,
    map_index: mapIndex,
    try_number: attempt,
    state,
  }));

/** Shows what would happen and asks. True: go on with exactly this. */
export async function confirm(
  { terminal, print }: Running,
  { tasks }: Preview,
  verb: "Clear" | "Mark",
  { yes }: ConfirmOptions,
): Promise<boolean> {
  if (yes) return true;
  terminal.err(
    table(tasks, [
      { heading: "task_id", of: instanceName },
      { heading: "state", of: ({ state }) => state, paint: print.state },
      { heading: "try", of: ({ attempt }) => attempt },
    ]),
  );
  if (!terminal.interactive) {
    throw new VaneError(
      "input.invalid",
      `Nothing was done: nobody can be asked here. Add --yes to ${verb.toLowerCase()} these tasks.`,
    );
  }
  const answer = await terminal.ask(`${verb} ${countOf(tasks.length)}? [y/N] `);
  return /^y(es)?$/i.test(answer.trim());
}

export const countOf = (count: number) => (count === 1 ? "1 task" : `${count} tasks`);
