import { join } from "node:path";
import { Option, type Command } from "commander";
import { hear, names } from "../../commands/hear";
import { listAttempts } from "../../db/queries/list-attempts";
import { listTasks, type TaskRow } from "../../db/queries/list-tasks";
import type { RunRow } from "../../db/queries/run-row";
import { query } from "../../db/sql/statement";
import { bytesInWords } from "../../domain/bytes-in-words";
import { retentionInWords } from "../../domain/retention";
import { isTerminal } from "../../domain/task-instance";
import { offsetOfLast, offsetOfLine } from "../../logs/line-offset";
import { parseLine } from "../../logs/log-line";
import { logPath } from "../../logs/log-path";
import { followLog, readLog } from "../../logs/tail";
import { VaneError } from "../../platform/errors";
import { as, PositiveNumber, WholeNumber } from "../arguments";
import type { Cli, Running } from "../cli";
import { lineInWords } from "../format/log-line";
import { nodeOf, runOf } from "../look-up";
import { noInstance } from "../outcomes";

interface Options {
  readonly attempt?: number;
  readonly mapIndex?: number;
  readonly follow?: true;
  readonly tail?: number;
  readonly fromLine?: number;
}

export function addTasksLogs(tasks: Command, cli: Cli): void {
  tasks
    .command("logs")
    .description("Print the log of a task's attempt")
    .argument("<dag_id>")
    .argument("<run_id>", "or `latest`")
    .argument("<task_id>")
    .option("--attempt <n>", "which one; the newest unless given", as(PositiveNumber))
    .option("--map-index <n>", "which instance of a mapped task", as(WholeNumber))
    .option("-f, --follow", "go on until the attempt has ended")
    .option("--tail <n>", "only the last n lines", as(WholeNumber))
    .addOption(
      new Option("--from-line <n>", "begin at that line").argParser(as(PositiveNumber)).conflicts("tail"),
    )
    .action((dagId: string, runId: string, taskId: string, options: Options) =>
      cli.withSystem(async (running) => {
        const run = await runOf(running.db, dagId, runId);
        nodeOf(run, taskId);
        await logs(running, run, taskId, options);
        return undefined;
      }),
    );
}

async function logs(running: Running, run: RunRow, taskId: string, options: Options): Promise<void> {
  const { system, terminal, print } = running;
  const find = async () => {
    const found = await query(running.db, listTasks(run.runKey));
    return found.find((task) => task.taskId === taskId && task.mapIndex === (options.mapIndex ?? -1));
  };
  const task = await find();
  if (!task) throw noInstance(taskId, run.runId);
  const attempt = options.attempt ?? newestStarted(task);
  const { mapIndex } = task;
  const key = { dagId: run.dagId, runId: run.runId, taskId: task.taskId, mapIndex, attempt };
  const file = logPath(join(system.home, "logs"), key);
  let shown = 0;
  const show = (lines: readonly string[]) => {
    shown += lines.length;
    for (const line of lines)
      terminal.out(print.format === "json" ? `${line}\n` : lineInWords(parseLine(line)));
  };

  let offset = await beginning(file, options);
  if (options.follow) await follow(running, run, { file, attempt, offset, find, show });
  else {
    for (;;) {
      const { lines, nextOffset } = await readLog(file, offset);
      show(lines);
      if (nextOffset === offset) break;
      offset = nextOffset;
    }
  }
  if (await isTruncated(running, run, task, attempt)) {
    print.note(missingLines(file));
    return;
  }
  if (shown > 0) return;
  if (offset === 0) print.note(await whyNothing(running, run, task, attempt));
  else if (options.fromLine) print.note(`The log has no line ${options.fromLine}.`);
}

async function beginning(file: string, { tail, fromLine }: Options): Promise<number> {
  if (tail !== undefined) return offsetOfLast(file, tail);
  return fromLine === undefined ? 0 : offsetOfLine(file, fromLine);
}

async function isTruncated(
  { db }: Running,
  { runKey }: RunRow,
  { taskId, mapIndex }: TaskRow,
  attempt: number,
) {
  const attempts = await query(db, listAttempts(runKey, taskId));
  return attempts.some((ended) => {
    return ended.mapIndex === mapIndex && ended.number === attempt && ended.logTruncated;
  });
}

const missingLines = (file: string) =>
  `Lines are missing: they could not be written to ${file}. Is the disk full? Make room; the task itself was not stopped by it.`;

interface Followed {
  readonly file: string;
  readonly attempt: number;
  readonly offset: number;
  readonly find: () => Promise<TaskRow | undefined>;
  readonly show: (lines: readonly string[]) => void;
}

/** The look without being told. */
const SWEEP_MS = 1_000;

async function follow(
  { db, clock, print }: Running,
  { runKey }: RunRow,
  { file, attempt, offset, find, show }: Followed,
) {
  const ear = await hear(db, clock, "vane_run", (payload) => names(payload, runKey));
  const ended = new AbortController();
  const watching = (async () => {
    try {
      for (;;) {
        const task = await find();
        if (!task || hasEnded(task, attempt)) return task;
        await ear.next(SWEEP_MS);
      }
    } finally {
      ended.abort();
    }
  })();
  try {
    for await (const lines of followLog(file, ended.signal, offset)) show(lines);
    const task = await watching;
    if (task) print.note(`Attempt ${attempt} has ended; the task is ${task.state}.`);
  } finally {
    ear.stop();
  }
}

/** Its number stays while it waits for its retry, and is over as soon as another is there. */
const hasEnded = ({ attempt: current, state }: TaskRow, attempt: number) =>
  current > attempt || isTerminal(state) || state === "up_for_retry";

/** A task that was cleared has the number of its next attempt already. */
const newestStarted = ({ attempt, startedAt }: TaskRow) =>
  startedAt === null && attempt > 1 ? attempt - 1 : attempt;

/** Without a line there is nothing to read yet, or nothing was written, or there is nothing left (then it throws). */
async function whyNothing(
  { db, system }: Running,
  { runKey }: RunRow,
  { taskId, mapIndex, state, attempt: current, startedAt }: TaskRow,
  attempt: number,
): Promise<string> {
  if (attempt > current) return `${taskId} has no attempt ${attempt}: it is at ${current}.`;
  const ended = await query(db, listAttempts(runKey, taskId));
  const found = ended.find((one) => one.number === attempt && one.mapIndex === mapIndex);
  if (found && found.logBytes > 0) {
    throw new VaneError(
      "log.not_found",
      `The log of attempt ${attempt} of ${taskId} (${bytesInWords(found.logBytes)}) is gone. ${retentionInWords(system.retention)}`,
    );
  }
  if (found) return `Attempt ${attempt} of ${taskId} has written nothing.`;
  return startedAt === null && attempt === current
    ? `${taskId} has not started: it is ${state}.`
    : `Attempt ${attempt} of ${taskId} has written nothing yet.`;
}
