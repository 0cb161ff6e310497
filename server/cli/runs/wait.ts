import { hear, names } from "../../commands/hear";
import { findRun, type RunWithStructure } from "../../db/queries/find-run";
import { listAttempts, type AttemptRow } from "../../db/queries/list-attempts";
import type { TaskRow } from "../../db/queries/list-tasks";
import { query } from "../../db/sql/statement";
import type { Running } from "../cli";
import { elapsedInWords } from "../format/duration";
import { safeLine } from "../format/safe-text";
import { tasksOf } from "../look-up";
import { runGone } from "../outcomes";
import { reasonInWords } from "../../domain/reason-in-words";
import { errorLine, runErrorLine } from "../../domain/error-line";
import { instanceName } from "../tasks/columns";

export type Waited =
  | { readonly kind: "ended"; readonly run: RunWithStructure; readonly tasks: readonly TaskRow[] }
  /** Ctrl-C: the run goes on. */
  | { readonly kind: "interrupted" };

/** The look without being told. */
const SWEEP_MS = 1_000;

/** Follows a run to its end and says each change on the way. */
export async function waitForRun(
  { db, clock, terminal, print }: Running,
  { dagId, runId, runKey }: Pick<RunWithStructure, "dagId" | "runId" | "runKey">,
): Promise<Waited> {
  const ear = await hear(db, clock, "vane_run", (payload) => names(payload, runKey));
  const interrupted = new AbortController();
  const callOff = terminal.onInterrupt(() => {
    interrupted.abort();
    ear.poke();
  });
  const said = new Map<string, string>();
  const say = (name: string, state: string) => {
    if (said.get(name) === state) return;
    said.set(name, state);
    print.note(`${clock.now().toISOString().slice(11, 19)}  ${name} ${state}`);
  };

  try {
    for (;;) {
      const [run] = await query(db, findRun(dagId, runId));
      if (!run) throw runGone(dagId, runId);
      const tasks = await tasksOf(db, run);
      for (const task of tasks) if (task.state !== "none") say(instanceName(task), stateInWords(task));
      say(runId, run.state);
      if (run.state === "success" || run.state === "failed") return { kind: "ended", run, tasks };
      await ear.next(SWEEP_MS);
      if (interrupted.signal.aborted) return { kind: "interrupted" };
    }
  } finally {
    callOff();
    ear.stop();
  }
}

const stateInWords = ({ state, attempt }: TaskRow) => (attempt === 1 ? state : `${state} (try ${attempt})`);

/** How it ended; for a failure what failed first, with what, and where its log is. */
export async function endInWords(
  { db, clock }: Running,
  { run, tasks }: Extract<Waited, { kind: "ended" }>,
): Promise<string> {
  const took = elapsedInWords(run.startedAt, run.endedAt, clock.now());
  const after = took ? ` after ${took}` : "";
  if (run.state === "success") return `${run.dagId} ${run.runId} succeeded${after}.\n`;

  const head = `${run.dagId} ${run.runId} failed${after}.`;
  const [failed] = tasks.filter(({ state }) => state === "failed").sort(byEnd);
  if (!failed) {
    const why = run.reason ? [reasonInWords(run.reason)] : [];
    const error = run.error ? [`  ${safeLine(runErrorLine(run.error))}`] : [];
    return `${[[head, ...why].join(" "), ...error].join("\n")}\n`;
  }
  const attempts = await query(db, listAttempts(run.runKey, failed.taskId));
  const last = attempts.findLast(({ mapIndex }) => mapIndex === failed.mapIndex);
  return `${[head, ...failureLines(run, failed, last)].join("\n")}\n`;
}

function failureLines(run: RunWithStructure, task: TaskRow, last: AttemptRow | undefined): string[] {
  const why = task.reason ? ` ${reasonInWords(task.reason)}` : "";
  const error = last && errorLine(last);
  const lines = [
    `  ${instanceName(task)}, try ${task.attempt}:${why}`,
    ...(error ? [`  ${safeLine(error)}`] : []),
  ];
  if (!last) return lines;
  const instance = task.mapIndex < 0 ? "" : ` --map-index ${task.mapIndex}`;
  return [...lines, `  Its log: vane tasks logs ${run.dagId} ${run.runId} ${task.taskId}${instance}`];
}

const byEnd = (a: TaskRow, b: TaskRow) => (a.endedAt?.getTime() ?? 0) - (b.endedAt?.getTime() ?? 0);
