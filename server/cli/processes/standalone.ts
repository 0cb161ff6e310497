import type { Command } from "commander";
import { as } from "../arguments";
import type { Cli } from "../cli";
import { Port } from "./port";

interface Options {
  readonly port?: number;
  readonly demo?: true;
}

export function addStandalone(program: Command, cli: Cli): void {
  program
    .command("standalone")
    .description("Run all of Vane in one place: scheduler, worker, loader, triggerer, web, and a Postgres")
    .option("--port <port>", "listen there and nowhere else (8080, or the next free one)", as(Port))
    .option("--demo", "load the demonstration DAGs of dags/demo, too")
    .action(({ port, demo }: Options) =>
      cli.run(async ({ project }) => {
        // Lazily, as with every process: `vane dags list` shall not pay for what it does not use.
        const { standalone } = await import("../standalone");
        return standalone({ project, port, demo: demo ?? false });
      }),
    );
}
