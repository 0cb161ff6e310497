import type { Command } from "commander";
import { listAttempts } from "../../db/queries/list-attempts";
import { query } from "../../db/sql/statement";
import type { Cli } from "../cli";
import { elapsedInWords, shortIso } from "../format/duration";
import { record, table } from "../format/table";
import { attemptJson, runJson, taskJson } from "../json";
import { runOf, tasksOf } from "../look-up";
import { reasonInWords } from "../../domain/reason-in-words";
import { errorLine, runErrorLine } from "../../domain/error-line";
import { taskColumns } from "../tasks/columns";

export function addRunsShow(runs: Command, cli: Cli): void {
  runs
    .command("show")
    .description("Show one run and its tasks")
    .argument("<dag_id>")
    .argument("<run_id>", "or `latest`")
    .action((dagId: string, runId: string) =>
      cli.withSystem(async ({ db, clock, print }) => {
        const run = await runOf(db, dagId, runId);
        const tasks = await tasksOf(db, run);
        const attempts = await query(db, listAttempts(run.runKey, null));
        const now = clock.now();
        print.either(
          () => ({
            ...runJson(run),
            tasks: tasks.map((task) => taskJson(run, task)),
            attempts: attempts.map(attemptJson),
          }),
          () => {
            const ended = run.reason && run.reason !== "returned" ? reasonInWords(run.reason) : "";
            const about = record([
              ["dag_id", run.dagId],
              ["run_id", run.runId],
              ["state", run.ending ? `${run.state}, and told to end` : run.state],
              ["reason", run.state === "failed" ? ended : ""],
              ["error", run.error ? runErrorLine(run.error) : ""],
              ["type", run.type],
              ["logical date", shortIso(run.logicalDate)],
              ["data interval", `${shortIso(run.intervalStart)} to ${shortIso(run.intervalEnd)}`],
              ["run after", shortIso(run.runAfter)],
              ["started", shortIso(run.startedAt)],
              ["duration", elapsedInWords(run.startedAt, run.endedAt, now)],
              ["params", Object.keys(run.conf).length > 0 ? JSON.stringify(run.conf) : ""],
              ["triggered by", run.triggeredBy],
              ["version", run.version],
              [
                "cleared",
                run.clearNumber === 0 ? "" : run.clearNumber === 1 ? "once" : `${run.clearNumber} times`,
              ],
            ]);
            const errors = attempts.flatMap((attempt) => {
              const line = attempt.state === "failed" ? errorLine(attempt) : undefined;
              return line ? [{ task: attempt.taskId, attempt: attempt.number, line }] : [];
            });
            const failures = table(errors, [
              { heading: "failed attempt", of: ({ task, attempt }) => `${task} ${attempt}` },
              { heading: "error", of: ({ line }) => line },
            ]);
            const list = table(tasks, taskColumns(print.state, now));
            return `${about}\n${list}${errors.length > 0 ? `\n${failures}` : ""}`;
          },
        );
        return undefined;
      }),
    );
}
