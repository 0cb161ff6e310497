import type { Command } from "commander";
import { as } from "../arguments";
import type { Cli } from "../cli";
import { Port } from "./port";

const PROCESSES = [
  ["scheduler", "Run a scheduler: decides what runs when; any number of them"],
  ["loader", "Run the loader: reads DAG files"],
  ["triggerer", "Run a triggerer: waits and delivers; any number of them"],
  ["worker", "Run a worker: runs tasks on this machine"],
] as const;

/** One of the processes that `standalone` runs together. They stop at Ctrl-C and SIGTERM. */
export function addSingleProcesses(program: Command, cli: Cli): void {
  for (const [name, description] of PROCESSES) {
    program
      .command(name)
      .description(description)
      .action(() =>
        cli.run(async ({ project }) => {
          const { runProcess } = await import("./run-process");
          return runProcess(name, { project });
        }),
      );
  }
  program
    .command("web")
    .description("Run the web server")
    .option("--port <port>", "listen there and nowhere else (8080, or the next free one)", as(Port))
    .action(({ port }: { port?: number }) =>
      cli.run(async ({ project }) => {
        const { runProcess } = await import("./run-process");
        return runProcess("web", { project, port });
      }),
    );
}
