import type { Command } from "commander";
import { requestCancel } from "../../commands/cancel-run";
import type { Cli } from "../cli";
import { runOf } from "../look-up";
import { accepted, expired, runGone } from "../outcomes";

export function addRunsCancel(runs: Command, cli: Cli): void {
  runs
    .command("cancel")
    .description("End a run: running tasks are stopped, waiting ones do not start")
    .argument("<dag_id>")
    .argument("<run_id>", "or `latest`")
    .action((typedDag: string, typedRun: string) =>
      cli.withSystem(async ({ db, door, print }) => {
        const { dagId, runId } = await runOf(db, typedDag, typedRun);
        const outcome = await requestCancel(door(), { dagId, runId, idempotencyKey: crypto.randomUUID() });
        const answer = (sentence: string) => {
          print.either(
            () => ({ dag_id: dagId, run_id: runId, outcome: outcome.kind }),
            () => `${sentence}\n`,
          );
          return 0;
        };
        switch (outcome.kind) {
          case "cancelling":
            return answer(
              outcome.running === 0
                ? `${runId} is cancelled.`
                : `${runId} is being cancelled: ${tasks(outcome.running)} stopping, 10 s at most before they are killed.`,
            );
          case "already_ended":
            return answer(`${runId} has ended already: ${outcome.state}.`);
          case "waiting":
            return answer(accepted(dagId));
          case "run_not_found":
            throw runGone(dagId, runId);
          case "expired":
            throw expired(outcome.sentence);
        }
      }),
    );
}

const tasks = (count: number) => (count === 1 ? "1 task is" : `${count} tasks are`);
