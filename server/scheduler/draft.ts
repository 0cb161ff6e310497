import type { Alert } from "../domain/alerts";
import type { Decision } from "../domain/decisions";
import type { DagId, Exec, RunKey } from "../domain/ids";
import type { RunProgress, RunState } from "../domain/run-state";
import { hasEnded } from "../domain/run-state";
import type { TaskInstance } from "../domain/task-instance";
import { assertEnded } from "../db/sql/assert-ended";
import { insertAttempts, type EndedAttempt, type Evidence } from "../db/sql/insert-attempts";
import { insertOutbox } from "../db/sql/insert-outbox";
import { insertRuns, type NewRun } from "../db/sql/insert-runs";
import { insertTasks } from "../db/sql/insert-tasks";
import { moveCallbacks, type CallbackProgress } from "../db/sql/move-callbacks";
import { moveRuns } from "../db/sql/move-runs";
import { moveTasks } from "../db/sql/move-tasks";
import { notifyRuns } from "../db/sql/notify-runs";
import { answerCommands, deleteInbox, type CommandAnswer } from "../db/sql/open-commands";
import { setOwnerColumns, type OwnerColumns } from "../db/sql/set-owner-columns";
import { repinRuns } from "../db/sql/repin-runs";
import type { Statement } from "../db/sql/statement";
import { deleteXcoms, writeXcoms, type XcomRow } from "../db/sql/write-xcoms";
import type { ProcessId } from "../domain/ids";
import type { Input } from "./engine";
import type { OpenCallback } from "./owned";
import type { ParamsCheck } from "./params-checks";
import type { Scope } from "./suspects";

/** What one pass has decided so far: each row from what stands in the database to what is to stand there. */
export interface Draft {
  readonly now: Date;
  /** Whom this pass decides about. */
  readonly scope: Scope;
  /** What it has taken in, to be given back if nothing comes of it. */
  readonly taken: Input[];
  readonly begun: Map<Exec, Date>;
  /** DAGs whose memory is ahead of the database until the flush has committed. */
  readonly touched: Set<DagId>;
  readonly tasks: Map<RunState, Map<number, { before: TaskInstance; after: TaskInstance }>>;
  readonly runs: Map<RunState, { before: RunProgress; after: RunProgress }>;
  readonly created: Map<RunState, NewRun>;
  /** Cleared runs that go on with a newer version, with the tasks that are new to them. */
  readonly repinned: Map<RunState, ReadonlySet<number>>;
  readonly attempts: EndedAttempt[];
  readonly results: XcomRow[];
  readonly forgotten: { runKey: RunKey; taskId: TaskInstance["taskId"]; mapIndex: number }[];
  readonly columns: Map<DagId, OwnerColumns>;
  readonly answers: CommandAnswer[];
  readonly inbox: number[];
  readonly stops: Extract<Decision, { kind: "stop_attempt" }>[];
  readonly alerts: Alert[];
  /** As they stand in the database. */
  readonly callbacks: Map<OpenCallback, CallbackProgress>;
  /** Checks of params that workers are to get. */
  readonly checks: ParamsCheck[];
  /** What an ending attempt's report knew of it. */
  readonly evidence: Map<Exec, Evidence & { startedAt: Date | null; endedAt: Date }>;
  /** Done once the flush is durable. */
  readonly afterCommit: (() => void)[];
  /** Statements of the process itself: beat, claim, release. */
  readonly own: Statement<unknown>[];
}

export function newDraft(now: Date, scope: Scope): Draft {
  return {
    ...{ now, scope, taken: [], begun: new Map() },
    ...{
      touched: new Set(),
      tasks: new Map(),
      runs: new Map(),
      created: new Map(),
      repinned: new Map(),
      attempts: [],
    },
    ...{ results: [], forgotten: [], columns: new Map(), answers: [], inbox: [], stops: [] },
    ...{ alerts: [], checks: [], callbacks: new Map(), evidence: new Map(), afterCommit: [], own: [] },
  };
}

export function record(draft: Draft, decisions: readonly Decision[]): void {
  for (const decision of decisions) {
    draft.touched.add(decision.run.head.dagId);
    switch (decision.kind) {
      case "move_task":
        recordTask(draft, decision);
        break;
      case "move_run": {
        const known = draft.runs.get(decision.run);
        draft.runs.set(decision.run, { before: known?.before ?? decision.before, after: decision.after });
        break;
      }
      case "end_attempt":
        draft.attempts.push(endedAttempt(draft, decision));
        break;
      case "forget_results": {
        const { runKey } = decision.run.head;
        const task = decision.run.tasks[decision.at];
        if (task) forget(draft, { runKey, taskId: task.taskId, mapIndex: task.mapIndex });
        break;
      }
      case "stop_attempt":
        draft.stops.push(decision);
        break;
    }
  }
}

/** Also what this very flush was about to write: the attempt that brought it has been cleared since. */
function forget(draft: Draft, of: Draft["forgotten"][number]): void {
  draft.forgotten.push(of);
  const kept = draft.results.filter(
    (row) => row.runKey !== of.runKey || row.taskId !== of.taskId || row.mapIndex !== of.mapIndex,
  );
  draft.results.splice(0, Infinity, ...kept);
}

function recordTask(draft: Draft, { run, at, before, after }: Extract<Decision, { kind: "move_task" }>) {
  const ofRun = draft.tasks.get(run);
  if (!ofRun) {
    draft.tasks.set(run, new Map([[at, { before, after }]]));
    return;
  }
  ofRun.set(at, { before: ofRun.get(at)?.before ?? before, after });
}

const UNKNOWN: Evidence = {
  ...{
    durationMs: null,
    host: null,
    pid: null,
    exitCode: null,
    signal: null,
    error: null,
    fingerprint: null,
  },
  ...{ logBytes: 0, logTruncated: false },
};

function endedAttempt(
  draft: Draft,
  { run, task, state, reason }: Extract<Decision, { kind: "end_attempt" }>,
): EndedAttempt {
  const { runKey, version } = run.head;
  const known = task.exec ? draft.evidence.get(task.exec) : undefined;
  const times = { startedAt: task.startedAt, endedAt: draft.now };
  return { ...UNKNOWN, ...times, ...known, runKey, version, task, state, reason };
}

/** Nothing to be written, whatever may be done without. */
export const isEmpty = ({ own, tasks, runs, created, columns, answers, inbox, callbacks }: Draft): boolean =>
  [own, answers, inbox].every(({ length }) => length === 0) &&
  [tasks, runs, created, columns, callbacks].every(({ size }) => size === 0);

/** In lock order: process, DAG, run, task. Empty when there is nothing to write. */
export function statementsOf(draft: Draft, owner: ProcessId): Statement<unknown>[] {
  const { created, attempts, forgotten, results, answers, inbox, columns, own } = draft;
  const statements: Statement<unknown>[] = [...own];
  if (columns.size > 0) statements.push(setOwnerColumns(owner, [...columns.values()]));
  if (created.size > 0) statements.push(insertRuns(owner, [...created.values()]));
  const { repinned } = draft;
  if (repinned.size > 0) statements.push(repinRuns([...repinned.keys()].map(({ head }) => head)));
  const runMoves = [...draft.runs].filter(([run]) => !created.has(run));
  if (runMoves.length > 0) {
    statements.push(moveRuns(runMoves.map(([run, move]) => ({ runKey: run.head.runKey, ...move }))));
  }
  statements.push(...taskStatements(draft));
  if (attempts.length > 0) statements.push(insertAttempts(attempts));
  if (forgotten.length > 0) statements.push(deleteXcoms(forgotten));
  if (results.length > 0) statements.push(writeXcoms(results));
  const ended = [...draft.runs.keys()].filter(({ progress }) => hasEnded(progress));
  if (ended.length > 0) statements.push(assertEnded(ended.map(({ head }) => head.runKey)));
  statements.push(...outboxStatements(draft));
  if (answers.length > 0) statements.push(answerCommands(answers));
  if (inbox.length > 0) statements.push(deleteInbox(inbox));
  const moved = new Set([...draft.runs.keys(), ...draft.tasks.keys(), ...created.keys()]);
  if (moved.size > 0) statements.push(notifyRuns([...moved].map(({ head }) => head.runKey)));
  return statements;
}

function outboxStatements({ alerts, callbacks }: Draft): Statement<unknown>[] {
  const moves = [...callbacks].map(([{ id, progress }, before]) => ({ id, before, after: progress }));
  return [
    ...(alerts.length > 0 ? [insertOutbox(alerts)] : []),
    ...(moves.length > 0 ? [moveCallbacks(moves)] : []),
  ];
}

function taskStatements({ created, repinned, tasks }: Draft): Statement<unknown>[] {
  const inserted = [
    ...[...created.keys()].flatMap((run) => run.tasks.map((task) => ({ runKey: run.head.runKey, task }))),
    ...[...repinned].flatMap(([run, added]) =>
      run.tasks.filter((_, at) => added.has(at)).map((task) => ({ runKey: run.head.runKey, task })),
    ),
  ];
  const moves = [...tasks].flatMap(([run, ofRun]) =>
    created.has(run)
      ? []
      : [...ofRun]
          .filter(([at]) => !repinned.get(run)?.has(at))
          .sort(([a], [b]) => a - b)
          .map(([, move]) => ({ runKey: run.head.runKey, ...move })),
  );
  return [
    ...(inserted.length > 0 ? [insertTasks(inserted)] : []),
    ...(moves.length > 0 ? [moveTasks(moves)] : []),
  ];
}

/** Attempts that begin with this flush: to be handed over once it is durable. */
export function dispatchesOf(draft: Draft): { run: RunState; at: number; task: TaskInstance }[] {
  return [...draft.tasks].flatMap(([run, ofRun]) =>
    [...ofRun].flatMap(([at, { before, after }]) =>
      after.exec && after.exec !== before.exec && after.state === "running" ? [{ run, at, task: after }] : [],
    ),
  );
}
