import { CommanderError } from "commander";
import { isLostDatabase } from "../db/lost-database";
import { systemClock, type Clock } from "../platform/clock";
import { ERRORS, toVaneError, VaneError } from "../platform/errors";
import { makeCli, type ExitCode } from "./cli";
import { addCommands, makeProgram } from "./program";
import type { Terminal } from "./terminal";

interface Surroundings {
  readonly terminal: Terminal;
  readonly version: string;
  readonly cwd: string;
  /** Where a project's data lies: its `.vane`, or what VANE_HOME says. */
  readonly homeOf: (project: string) => string;
  readonly clock?: Clock;
}

/** Wrong use, as told by commander, which has said so by then. */
const WRONG_USE = 2;

/** One command line, from its words to its exit code. It never throws. */
export async function runCli(words: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { terminal, version, clock = systemClock(() => 0), ...rest } = surroundings;
  const program = makeProgram(version, terminal);
  const cli = makeCli(program, { terminal, clock, ...rest });
  addCommands(program, cli);
  try {
    await program.parseAsync([...words], { from: "user" });
    return cli.exitCode();
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : WRONG_USE;
    const error = toVaneError(asLostDatabase(thrown) ?? thrown);
    terminal.err(`${error.sentence}\n`);
    if (error.code === "internal") terminal.err(bugReport(error.id, error.cause));
    return ERRORS[error.code].exit;
  }
}

/** The database went away under a command: nothing to report as a bug, and trying again is safe. */
function asLostDatabase(thrown: unknown): VaneError | undefined {
  if (!isLostDatabase(thrown)) return undefined;
  const sentence = "The connection to the database was lost. Is Vane stopping? Try again when it runs.";
  return new VaneError("database.unavailable", sentence, { cause: thrown });
}

/** A command has no log of its own: what a report of the bug needs goes where the sentence went. */
function bugReport(id: string, cause: unknown): string {
  const stack = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  return `Error id ${id}\n${stack}\n`;
}
