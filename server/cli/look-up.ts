import type { Client } from "pg";
import { findDag, type DagRow } from "../db/queries/find-dag";
import { findRun, type RunWithStructure } from "../db/queries/find-run";
import { listDags } from "../db/queries/list-dags";
import { listImportErrors } from "../db/queries/list-import-errors";
import { listTasks, type TaskRow } from "../db/queries/list-tasks";
import { query } from "../db/sql/statement";
import type { Node } from "../domain/serialized-dag";
import { VaneError } from "../platform/errors";
import { nearest } from "./nearest";

/** Found, or an error that says where to look. */
export async function dagOf(db: Client, dagId: string): Promise<DagRow> {
  const [dag] = await query(db, findDag(dagId));
  if (dag) return dag;
  const known = (await query(db, listDags())).map((other) => String(other.dagId));
  const broken = (await query(db, listImportErrors())).filter(({ severity }) => severity === "error");
  const hints = [
    didYouMean(dagId, known) ?? "`vane dags list` shows them all.",
    ...(broken.length > 0
      ? [`${filesInWords(broken.length)} could not be loaded: \`vane dags list-import-errors\` says why.`]
      : []),
  ];
  throw new VaneError("dag.not_found", `There is no DAG ${dagId}. ${hints.join(" ")}`);
}

export const filesInWords = (count: number) => (count === 1 ? "1 file" : `${count} files`);

export async function runOf(db: Client, dagId: string, runId: string): Promise<RunWithStructure> {
  const dag = await dagOf(db, dagId);
  const [run] = await query(db, findRun(dag.dagId, runId));
  if (run) return run;
  const what = runId === "latest" ? `${dagId} has no run yet.` : `${dagId} has no run ${runId}.`;
  const advice =
    runId === "latest"
      ? `\`vane dags trigger ${dagId}\` makes one.`
      : `\`vane runs list ${dagId}\` shows them all, and \`latest\` stands for the newest.`;
  throw new VaneError("run.not_found", `${what} ${advice}`);
}

export function nodeOf({ dagId, structure }: RunWithStructure, taskId: string): Node {
  const node = structure.nodes.find(({ id }) => id === taskId);
  if (node) return node;
  const known = structure.nodes.map(({ id }) => String(id));
  const hint = didYouMean(taskId, known) ?? `It has: ${known.join(", ")}.`;
  throw new VaneError("task.not_found", `${dagId} has no task ${taskId} in this run's version. ${hint}`);
}

/** In the order in which the DAG's file makes them, which is one in which they can run. */
export async function tasksOf(db: Client, { runKey, structure }: RunWithStructure): Promise<TaskRow[]> {
  const place = new Map(structure.nodes.map(({ id }, at) => [id, at]));
  const placeOf = ({ taskId }: TaskRow) => place.get(taskId) ?? structure.nodes.length;
  return (await query(db, listTasks(runKey))).sort((a, b) => placeOf(a) - placeOf(b));
}

function didYouMean(typed: string, known: readonly string[]): string | undefined {
  const meant = nearest(typed, known);
  return meant === undefined ? undefined : `Did you mean ${meant}?`;
}
