import { VaneError } from "../platform/errors";

/** Outcomes that end a command alike, whatever it was about. */
export const expired = (sentence: string) => new VaneError("command.expired", sentence);

export const dagGone = (dagId: string) =>
  new VaneError(
    "dag.not_found",
    `No file defines ${dagId} any more. \`vane dags list\` shows what there is.`,
  );

export const runGone = (dagId: string, runId: string) =>
  new VaneError("run.not_found", `${dagId} has no run ${runId} any more.`);

export const accepted = (dagId: string) =>
  `Accepted. No scheduler has answered for ${dagId} yet; it is done as soon as one does, within the hour.`;

export const noInstance = (taskId: string, runId: string) =>
  new VaneError(
    "task.not_found",
    `${taskId} has no such instance in ${runId}. Is it mapped? --map-index names one.`,
  );
