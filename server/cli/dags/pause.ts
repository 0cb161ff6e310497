import type { Command } from "commander";
import { pauseDag } from "../../commands/pause-dag";
import type { Cli } from "../cli";
import { dagOf } from "../look-up";

export function addDagsPause(dags: Command, cli: Cli): void {
  add(dags, cli, "pause", true, "Pause a DAG: no new runs and tasks; what runs ends normally");
  add(dags, cli, "unpause", false, "Let a paused DAG run again");
}

function add(dags: Command, cli: Cli, name: string, paused: boolean, description: string): void {
  dags
    .command(name)
    .description(description)
    .argument("<dag_id>")
    .action((typed: string) =>
      cli.withSystem(async ({ db, door, print }) => {
        const { dagId, structure } = await dagOf(db, typed);
        const outcome = await pauseDag(door(), { dagId, paused, idempotencyKey: crypto.randomUUID() });
        print.either(
          () => ({ dag_id: dagId, is_paused: paused }),
          () => sentence(dagId, paused, outcome.kind === "unchanged", structure.schedule !== null),
        );
        return undefined;
      }),
    );
}

function sentence(dagId: string, paused: boolean, already: boolean, scheduled: boolean): string {
  if (already) return `${dagId} is ${paused ? "paused" : "not paused"} already.\n`;
  return paused
    ? `${dagId} is paused. Tasks that run now end normally.\n`
    : `${dagId} runs again${scheduled ? " from its next tick on" : " when it is triggered"}.\n`;
}
