import { runLook } from "../ui/run-look";
import type { DagSummary } from "./dag-summary";

type Ranked = Pick<DagSummary, "dagId" | "paused" | "quarantine" | "fileError" | "lastRun" | "now">;

/** What needs somebody comes first: failed, newest first; what does not load; running, queued, the rest; paused last. */
export function byAttention<Dag extends Ranked>(dags: readonly Dag[]): Dag[] {
  return [...dags].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      (rank(a) === FAILED ? endedAt(b).localeCompare(endedAt(a)) : 0) ||
      a.dagId.localeCompare(b.dagId),
  );
}

const [FAILED, BROKEN, RUNNING, QUEUED, REST, PAUSED] = [0, 1, 2, 3, 4, 5];

function rank(dag: Ranked): number {
  if (dag.paused) return PAUSED;
  if (isFailing(dag)) return FAILED;
  if (dag.quarantine !== null || dag.fileError !== null) return BROKEN;
  if (dag.now) return dag.now.state === "running" ? RUNNING : QUEUED;
  return REST;
}

const endedAt = ({ lastRun }: Ranked) => lastRun?.endedAt ?? "";

/** Its last run failed by itself. */
export const isFailing = ({ lastRun }: Pick<DagSummary, "lastRun">) =>
  lastRun !== null && runLook(lastRun.state, lastRun.reason) === "failed";

/**
 * The order that somebody has before his eyes stays: DAGs that are gone leave, new ones come last.
 * @param known ids in the order that was shown
 */
export function inKnownOrder<Dag extends Pick<DagSummary, "dagId">>(
  dags: readonly Dag[],
  known: readonly string[],
): Dag[] {
  const place = new Map(known.map((id, index) => [id, index]));
  const placeOf = ({ dagId }: Dag) => place.get(dagId) ?? known.length;
  return [...dags].sort((a, b) => placeOf(a) - placeOf(b));
}
