import type { TaskRow } from "../../db/queries/list-tasks";
import { elapsedInWords, shortIso } from "../format/duration";
import type { Column } from "../format/table";
import { reasonInWords } from "../../domain/reason-in-words";

/** Tasks of a run, as `tasks list` and `runs show` print them. */
export function taskColumns(paint: (cell: string) => string, now: Date): readonly Column<TaskRow>[] {
  return [
    { heading: "task_id", of: instanceName },
    { heading: "state", of: ({ state }) => state, paint },
    { heading: "try", of: ({ attempt }) => attempt },
    { heading: "started", of: ({ startedAt }) => shortIso(startedAt) || "-" },
    { heading: "duration", of: ({ startedAt, endedAt }) => elapsedInWords(startedAt, endedAt, now) || "-" },
    { heading: "why", of: why },
  ];
}

export const instanceName = ({ taskId, mapIndex }: { readonly taskId: string; readonly mapIndex: number }) =>
  mapIndex < 0 ? taskId : `${taskId}[${mapIndex}]`;

function why({ state, reason, wakeAt, ending }: TaskRow): string {
  if (ending) return "Told to end.";
  if (state === "up_for_retry" && wakeAt) return `Tries again at ${shortIso(wakeAt)}.`;
  return state === "success" || reason === null ? "" : reasonInWords(reason);
}
