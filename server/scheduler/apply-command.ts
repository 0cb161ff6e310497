import { applyCancel } from "../commands/cancel-run";
import { applyClear } from "../commands/clear-tasks";
import type { Command } from "../commands/command";
import { applyMark } from "../commands/mark-tasks";
import { triggerConflict, type TriggerRunArguments, type TriggerRunOutcome } from "../commands/trigger-run";
import type { Decision } from "../domain/decisions";
import { RunId } from "../domain/ids";
import { checkParams } from "../domain/params";
import { lastInterval } from "../domain/plan-ticks";
import type { RunState } from "../domain/run-state";
import type { CommandRow } from "../db/sql/open-commands";
import { apply } from "./apply";
import { createRun } from "./create-run";
import type { Draft } from "./draft";
import type { Engine } from "./engine";
import { findRun, parseCommand, type Gathered } from "./gather";
import type { OwnedDag } from "./owned";
import { repinned } from "./repin";
import { timetableOf } from "./ticks";

const EXPIRED = {
  kind: "expired",
  sentence: "No scheduler was up to take this within an hour, so nothing was done. Ask again.",
} as const;
const INVALID = {
  kind: "expired",
  sentence: "This scheduler does not know this command: it may be older than the one who asked. Upgrade it.",
} as const;

/** The owner's half of a command: what it decides and its answer go into the same flush. */
export function applyCommand(engine: Engine, draft: Draft, row: CommandRow, gathered: Gathered): void {
  const dag = engine.dags.get(row.dagId);
  if (!dag) return;
  draft.touched.add(dag.dagId);
  draft.answers.push({ id: row.id, outcome: outcomeOf(engine, draft, dag, row, gathered) });
}

function outcomeOf(
  engine: Engine,
  draft: Draft,
  dag: OwnedDag,
  row: CommandRow,
  { runs, collisions }: Gathered,
): object {
  if (row.expired) return EXPIRED;
  const sentence = engine.refused.get(row.id);
  if (engine.refused.delete(row.id)) return { kind: "expired", sentence };
  const command = parseCommand(row);
  if (!command) return INVALID;
  if (command.kind === "trigger_run") {
    const taken = collisions.get(row.id)?.map(({ head }) => head) ?? [];
    return trigger(engine, draft, dag, command.arguments, taken, row.principal);
  }
  const run = findRun(dag, command.arguments.runId) ?? runs.get(row.id);
  if (!run) return { kind: "run_not_found" };
  const newer =
    command.kind === "clear_tasks" && command.arguments.version === "latest" ? repinned(dag, run) : undefined;
  const target = newer?.run ?? run;
  const { outcome, decisions } = onRun(target, command, draft.now);
  if (decisions.length === 0) return outcome;
  // A run that had ended is back among the open ones: none of its tasks is live or ready yet.
  dag.runs.set(target.head.runKey, target);
  if (newer) draft.repinned.set(target, newer.added);
  apply(engine, draft, dag, decisions);
  return outcome;
}

function onRun(
  run: RunState,
  command: Exclude<Command, { kind: "trigger_run" }>,
  now: Date,
): { readonly outcome: object; readonly decisions: readonly Decision[] } {
  switch (command.kind) {
    case "clear_tasks":
      return applyClear(run, command.arguments, now);
    case "mark_tasks":
      return applyMark(run, command.arguments, now);
    case "cancel_run":
      return applyCancel(run, now);
  }
}

function trigger(
  engine: Engine,
  draft: Draft,
  dag: OwnedDag,
  { runId, logicalDate, conf }: TriggerRunArguments,
  taken: readonly RunState["head"][],
  principal: string,
): TriggerRunOutcome {
  const version = dag.latest;
  if (!version || !dag.active) return { kind: "dag_not_found" };
  const params = checkParams(version.dag.params, conf);
  if (!params.ok) {
    return {
      kind: "invalid_params",
      errors: params.errors.map(({ path, message }) => ({ path: [...path], message })),
    };
  }
  const date = logicalDate ? new Date(logicalDate) : null;
  const open = [...dag.runs.values()].map(({ head }) => head);
  const other = [...taken, ...open].find(
    (head) => head.runId === runId || (date !== null && head.logicalDate?.getTime() === date.getTime()),
  );
  if (other) return triggerConflict({ ...other, by: other.runId === runId ? "run_id" : "logical_date" });

  const runAfter = manualInstant(dag, draft.now);
  const interval = lastInterval(timetableOf(dag, version), date ?? runAfter);
  const run = createRun(engine, draft, dag, version, {
    ...{
      runId: runId ?? RunId.parse(`manual__${runAfter.toISOString()}`),
      type: "manual",
      logicalDate: date,
    },
    ...{ intervalStart: interval.start, intervalEnd: interval.end, runAfter, conf: params.value },
    triggeredBy: principal,
  });
  const { head } = run;
  return { kind: "created", runId: head.runId, runKey: head.runKey, state: "queued", paused: dag.paused };
}

const lastManual = new WeakMap<OwnedDag, number>();

/** Two runs by hand in one millisecond would have one id: the later one is a millisecond late. */
function manualInstant(dag: OwnedDag, now: Date): Date {
  const instant = Math.max(now.getTime(), (lastManual.get(dag) ?? 0) + 1);
  lastManual.set(dag, instant);
  return new Date(instant);
}
