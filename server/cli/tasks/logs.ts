import { join } from "node:path";
import type { Command } from "commander";
import { hear, names } from "../../commands/hear";
import { listTasks, type TaskRow } from "../../db/queries/list-tasks";
import type { RunRow } from "../../db/queries/run-row";
import { query } from "../../db/sql/statement";
import { isTerminal } from "../../domain/task-instance";
import { parseLine, type LogLine } from "../../logs/log-line";
import { logPath } from "../../logs/log-path";
import { followLog, readLog } from "../../logs/tail";
import { as, PositiveNumber, WholeNumber } from "../arguments";
import type { Cli, Running } from "../cli";
import { safeText } from "../format/safe-text";
import { nodeOf, runOf } from "../look-up";
import { noInstance } from "../outcomes";

interface Options {
  readonly attempt?: number;
  readonly mapIndex?: number;
  readonly follow?: true;
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
  const show = (lines: readonly string[]) => {
    for (const line of lines) terminal.out(print.format === "json" ? `${line}\n` : inWords(parseLine(line)));
  };

  if (options.follow) return follow(running, run, { file, attempt, find, show });
  let shown = 0;
  for (let offset = 0; ;) {
    const { lines, nextOffset } = await readLog(file, offset);
    show(lines);
    shown += lines.length;
    if (nextOffset === offset) break;
    offset = nextOffset;
  }
  if (shown === 0) print.note(nothingYet(task, attempt));
}

interface Followed {
  readonly file: string;
  readonly attempt: number;
  readonly find: () => Promise<TaskRow | undefined>;
  readonly show: (lines: readonly string[]) => void;
}

/** The look without being told. */
const SWEEP_MS = 1_000;

async function follow(
  { db, clock, print }: Running,
  { runKey }: RunRow,
  { file, attempt, find, show }: Followed,
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
    for await (const lines of followLog(file, ended.signal)) show(lines);
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

function nothingYet({ taskId, state, attempt: current, startedAt }: TaskRow, attempt: number): string {
  if (attempt > current) return `${taskId} has no attempt ${attempt}: it is at ${current}.`;
  return startedAt === null && attempt === current
    ? `${taskId} has not started: it is ${state}.`
    : `Attempt ${attempt} of ${taskId} has written no log, or its log was removed with age.`;
}

/** `14:30:01.123  info    message  {"field":1}` */
function inWords({ t, level, source, msg, more, ...fields }: LogLine): string {
  const label = source === "log" ? level : source;
  const rest = Object.keys(fields).length > 0 ? `  ${JSON.stringify(fields)}` : "";
  return `${t.slice(11, 23)}  ${label.padEnd(6)}  ${safeText(msg)}${safeText(rest)}${more ? " ..." : ""}\n`;
}
