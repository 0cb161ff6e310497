import type { Command } from "commander";
import { PATIENCE } from "../../commands/answer-to";
import { requestTrigger, type TriggerRunArguments, type TriggerRunOutcome } from "../../commands/trigger-run";
import { findRun } from "../../db/queries/find-run";
import { query } from "../../db/sql/statement";
import { RunId, type DagId } from "../../domain/ids";
import { checkParams, type ParamError } from "../../domain/params";
import { VaneError } from "../../platform/errors";
import { as, collect, Instant } from "../arguments";
import type { Cli, ExitCode, Running } from "../cli";
import { runJson, taskJson } from "../json";
import { dagOf } from "../look-up";
import { accepted, dagGone, expired, runGone } from "../outcomes";
import { parseParams } from "../params-option";
import { endInWords, waitForRun } from "../runs/wait";

interface Options {
  readonly params?: readonly string[];
  readonly runId?: RunId;
  readonly logicalDate?: Date;
  readonly wait?: true;
}

export function addDagsTrigger(dags: Command, cli: Cli): void {
  dags
    .command("trigger")
    .description("Start a run of a DAG now")
    .argument("<dag_id>")
    .option("-p, --params <json|key=value>", "params of the run; may stand several times", collect)
    .option("--run-id <id>", "name of the run; manual__<time> unless given", as(RunId))
    .option("--logical-date <date>", "what the run is for; one run a date", as(Instant))
    .option("--wait", "follow the run to its end; exit code 1 if it fails")
    .action((dagId: string, options: Options) =>
      cli.withSystem((running) => trigger(running, dagId, options)),
    );
}

async function trigger(running: Running, typed: string, options: Options): Promise<ExitCode> {
  const { db, print, door } = running;
  const dag = await dagOf(db, typed);
  if (!dag.active) throw dagGone(dag.dagId);
  const conf = parseParams(options.params ?? [], dag.structure.params);
  const checked = checkParams(dag.structure.params, conf);
  if (!checked.ok) throw invalidParams(dag.dagId, checked.errors);

  const args: TriggerRunArguments = {
    dagId: dag.dagId,
    ...(options.runId === undefined ? {} : { runId: options.runId }),
    logicalDate: options.logicalDate?.toISOString() ?? null,
    conf,
    idempotencyKey: crypto.randomUUID(),
  };
  let outcome = await requestTrigger(door(), args);
  if (outcome.kind === "waiting" && options.wait) {
    print.note(`No scheduler has answered for ${dag.dagId} yet: waiting for one.`);
    outcome = await requestTrigger(door({ ...PATIENCE, ownedMs: Infinity, ownerlessMs: Infinity }), args);
  }
  if (outcome.kind === "waiting") {
    print.either(
      () => ({ dag_id: dag.dagId, accepted: true, command_id: outcome.commandId }),
      () => `${accepted(dag.dagId)}\n`,
    );
    return 0;
  }
  return created(running, dag.dagId, outcomeOrThrow(dag.dagId, outcome), options.wait ?? false);
}

type Created = Extract<TriggerRunOutcome, { kind: "created" }>;

function outcomeOrThrow(dagId: string, outcome: TriggerRunOutcome): Created {
  switch (outcome.kind) {
    case "created":
      return outcome;
    case "conflict":
      throw new VaneError(
        "command.conflict",
        `${outcome.sentence} (vane tasks clear ${dagId} ${outcome.runId})`,
      );
    case "invalid_params":
      throw invalidParams(dagId, outcome.errors);
    case "dag_not_found":
      throw dagGone(dagId);
    case "expired":
      throw expired(outcome.sentence);
  }
}

function invalidParams(dagId: string, errors: readonly ParamError[]): VaneError {
  const lines = errors.map(
    ({ path, message }) => `  ${path.length > 0 ? `${path.join(".")}: ` : ""}${message}`,
  );
  return new VaneError(
    "params.invalid",
    [`These params do not fit ${dagId}:`, ...lines, `\`vane dags show ${dagId}\` lists what it takes.`].join(
      "\n",
    ),
  );
}

async function created(running: Running, dagId: DagId, outcome: Created, wait: boolean): Promise<ExitCode> {
  const { db, print, terminal } = running;
  const { runId } = outcome;
  const [run] = await query(db, findRun(dagId, runId));
  if (!run) throw runGone(dagId, runId);
  if (outcome.paused) {
    print.note(`${dagId} is paused: the run waits until \`vane dags unpause ${dagId}\`.`);
  }
  if (!wait) {
    print.either(
      () => runJson(run),
      () => `${runId}\n`,
    );
    if (print.format === "table") print.note(`Its state: vane runs show ${dagId} ${runId}`);
    return 0;
  }

  const waited = await waitForRun(running, run);
  if (waited.kind === "interrupted") {
    terminal.err(
      `\nStopped waiting; the run goes on. vane runs show ${dagId} ${runId} shows it, vane runs cancel ${dagId} ${runId} ends it.\n`,
    );
    return 130;
  }
  const words = await endInWords(running, waited);
  print.either(
    () => ({ ...runJson(waited.run), tasks: waited.tasks.map((task) => taskJson(run, task)) }),
    () => words,
  );
  if (print.format === "json" && waited.run.state === "failed") terminal.err(words);
  return waited.run.state === "success" ? 0 : 1;
}
