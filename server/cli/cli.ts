import type { Command } from "commander";
import type { Clock } from "../platform/clock";
import { findSystem } from "./find-system";
import { printer, type Printer } from "./printer";
import { openSession, type Session } from "./session";
import type { OutputFormat, Terminal } from "./terminal";

export interface GlobalOptions {
  readonly project: string | undefined;
  readonly output: OutputFormat;
}

/** What a command may use while it runs. */
export interface Running extends Session {
  readonly print: Printer;
  readonly terminal: Terminal;
}

export type ExitCode = number;

/** What commands are registered with. */
export interface Cli {
  /** Runs against the running system; the number is the exit code, nothing is 0. */
  readonly withSystem: (use: (running: Running) => Promise<ExitCode | undefined>) => Promise<void>;
  /** Runs something that needs no running system. */
  readonly run: (use: (options: GlobalOptions) => Promise<ExitCode>) => Promise<void>;
  /** The result so far, for whoever started all this. */
  readonly exitCode: () => ExitCode;
}

interface Surroundings {
  readonly terminal: Terminal;
  readonly clock: Clock;
  readonly cwd: string;
  /** Where a project's data lies: its `.vane`, or what VANE_HOME says. */
  readonly homeOf: (project: string) => string;
}

export function makeCli(program: Command, { terminal, clock, cwd, homeOf }: Surroundings): Cli {
  let exitCode = 0;
  return {
    exitCode: () => exitCode,
    async run(use) {
      exitCode = await use(program.opts<GlobalOptions>());
    },
    async withSystem(use) {
      const { project, output } = program.opts<GlobalOptions>();
      const session = await openSession(await findSystem({ project, cwd, homeOf }), clock);
      try {
        exitCode = (await use({ ...session, terminal, print: printer(terminal, output) })) ?? 0;
      } finally {
        await session.close();
      }
    },
  };
}
