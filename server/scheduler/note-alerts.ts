import { alertsOf } from "../domain/alerts";
import type { Decision } from "../domain/decisions";
import type { Draft } from "./draft";
import type { Engine } from "./engine";
import { versionOf, type OwnedDag } from "./owned";

/** Writes down who is to be told, in the flush that makes it so. */
export function noteAlerts(
  engine: Engine,
  draft: Draft,
  dag: OwnedDag,
  decisions: readonly Decision[],
): void {
  const [first] = decisions;
  if (!first) return;
  const alerts = alertsOf(decisions, versionOf(dag, first.run).dag.settings);
  if (alerts.length === 0) return;
  draft.alerts.push(...alerts);
  if (!alerts.some(({ callback }) => "fn" in callback)) return;
  draft.afterCommit.push(() => {
    engine.look.callbacks.add(dag.dagId);
    engine.wake();
  });
}
