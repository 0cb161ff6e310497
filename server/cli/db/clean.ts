import type { Command } from "commander";
import { noteAudit } from "../../db/sql/note-audit";
import { query, type Statement } from "../../db/sql/statement";
import { retentionInWords } from "../../domain/retention";
import { VaneError } from "../../platform/errors";
import { previewPrune, prune, type PruneCounts } from "../../scheduler/prune";
import { goneInWords } from "../../scheduler/prune-in-words";
import type { Cli, Running } from "../cli";

interface Options {
  readonly dryRun?: true;
  readonly yes?: true;
}

/** What the scheduler does once an hour, now, and with a look at it first. */
export function addDb(program: Command, cli: Cli): void {
  program
    .command("db")
    .description("The database: clean")
    .command("clean")
    .description("Remove now what is older than Vane keeps; it does so by itself once an hour")
    .option("--dry-run", "show what would be removed")
    .option("-y, --yes", "do not ask")
    .action((options: Options) => cli.withSystem((running) => clean(running, options)));
}

async function clean(running: Running, options: Options): Promise<undefined> {
  const { db, system, print, door } = running;
  // One run may be larger than what an ordinary command may touch.
  await db.query("set statement_timeout = '30s'");
  const dependencies = {
    ...{ home: system.home, retention: system.retention },
    ask: <Row>(statement: Statement<Row>) => query(db, statement),
    pace: () => Promise.resolve(),
  };
  const preview = await previewPrune(dependencies);
  const would = goneInWords(preview);
  if (would === "" || options.dryRun) {
    show(running, preview, would === "" ? "" : `Would remove ${would}.\n`);
    if (would === "") print.note(`Nothing is too old. ${retentionInWords(system.retention)}`);
    return undefined;
  }
  if (!options.yes && !(await confirmed(running, would))) {
    print.note("Nothing was done.");
    return undefined;
  }
  const counts = await prune(dependencies);
  const gone = goneInWords(counts);
  await query(db, noteAudit(door(), "db.cleaned", gone));
  show(running, counts, `Removed ${gone === "" ? "nothing: it was gone already" : gone}.\n`);
  return undefined;
}

async function confirmed({ terminal }: Running, would: string): Promise<boolean> {
  if (!terminal.interactive) {
    throw new VaneError(
      "input.invalid",
      `Nothing was done: nobody can be asked here. Add --yes to remove ${would}.`,
    );
  }
  return /^y(es)?$/i.test((await terminal.ask(`Remove ${would} for good? [y/N] `)).trim());
}

function show({ print }: Running, { logBytes, trouble, ...counts }: PruneCounts, text: string): void {
  print.either(
    () => ({ ...counts, log_bytes: logBytes }),
    () => text,
  );
  if (trouble !== undefined) print.note(`Some folders of logs cannot be read: ${trouble}`);
}
