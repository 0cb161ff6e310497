/*
 * One pass after the other, never two at once:
 *
 *   claim --> gather (reads) --> decide (pure, on memory) --> flush --> hand over, acknowledge, answer pings
 *     ^                                                         |
 *     '--- whatever came in meanwhile goes into the next --------'
 *
 * Memory is ahead of the database while a flush is on its way. If it is refused, the DAGs it touched are read again.
 */
import { DatabaseError } from "pg";
import { beat } from "../db/sql/beat";
import { hasEnded, type RunState } from "../domain/run-state";
import type { WorkerLink } from "../executor/worker-link";
import { admitTasks, startQueuedRuns } from "./admit-tasks";
import { admitCallbacks } from "./callbacks";
import { admitChecks } from "./check-params";
import { isEmpty, newDraft, statementsOf, type Draft } from "./draft";
import type { Engine, Input } from "./engine";
import { gather, type Gathered } from "./gather";
import { handOver } from "./hand-over";
import { askForInventory } from "./inventory";
import { claim, recount, releaseSurplus, reload, settleAdopted } from "./own";
import { dropRun } from "./owned";
import { takeDue } from "./take-due";
import { takeInputs, takeStarted } from "./take-inputs";
import { createDueRuns } from "./ticks";

/** After a refused flush this many passes take one input each, so that one bad row harms nobody else. */
const CAREFUL_PASSES = 50;

/** `blind`: the database could not be read, so nothing was decided. */
export type PassOutcome = "idle" | "blind" | "committed" | "refused" | "deposed";

export async function runPass(engine: Engine): Promise<PassOutcome> {
  if (engine.look.claim) {
    engine.look.claim = false;
    if (!(await claim(engine))) return "deposed";
  }
  const gathered = await tryGather(engine);
  const draft = newDraft(engine.clock.now());
  const taken = gathered ? decide(engine, draft, gathered) : [];
  const statements = statementsOf(draft, engine.id);
  if (statements.length === 0) {
    finish(draft);
    return gathered ? "idle" : "blind";
  }

  const pings = new Map(engine.executor.links().map((link) => [link, link.lastPing]));
  const outcome = await engine.flusher.commit(statements);
  switch (outcome.kind) {
    case "deposed":
      return "deposed";
    case "refused":
      await takeBack(engine, draft, taken, outcome.cause);
      return "refused";
    case "committed":
    case "committed_before":
      if (engine.careful > 0) engine.careful -= 1;
      await carryOut(engine, draft, pings);
      return "committed";
  }
}

/** Without an answer from the database nothing is decided that would need one; what came in waits. */
async function tryGather(engine: Engine): Promise<Gathered | undefined> {
  try {
    return await gather(engine, engine.clock.now());
  } catch (error) {
    engine.log.warn({ error: String(error) }, "Cannot read commands; trying again");
    engine.look.everyDoor = true;
    return undefined;
  }
}

function decide(engine: Engine, draft: Draft, gathered: Gathered): Input[] {
  settleAdopted(engine, draft);
  const taken = takeInputs(engine, draft, gathered);
  // One that is tried alone must not be blamed for what else there is to do.
  const alone = engine.careful > 0 && taken.length > 0;
  if (alone) engine.wake();
  else takeTime(engine, draft, gathered);
  startQueuedRuns(engine, draft);
  admitChecks(engine, draft);
  admitTasks(engine, draft);
  admitCallbacks(engine, draft);
  // A check writes nothing of its own, and yet nothing is handed over but after a commit, which proves that we are who we were.
  if (draft.checks.length > 0 && isEmpty(draft)) engine.look.beat = true;
  if (engine.look.beat) {
    engine.look.beat = false;
    releaseSurplus(engine, draft);
    draft.own.unshift(beat(engine.id, engine.flusher.acknowledgedSeq(), { dags: engine.dags.size }));
  }
  if (engine.started.size > 0 && (engine.look.started || !isEmpty(draft))) takeStarted(engine, draft);
  return taken;
}

function takeTime(engine: Engine, draft: Draft, gathered: Gathered): void {
  takeDue(engine, draft);
  for (const [dagId, ticks] of gathered.ticks) {
    const dag = engine.dags.get(dagId);
    if (dag) createDueRuns(engine, draft, dag, ticks);
  }
}

async function carryOut(engine: Engine, draft: Draft, pings: ReadonlyMap<WorkerLink, number>): Promise<void> {
  await handOver(engine, draft, pings);
  for (const { run, exec, worker, why } of draft.stops) {
    const { dagId } = run.head;
    const epoch = engine.dags.get(dagId)?.epoch;
    if (worker && epoch) engine.executor.linkTo(worker)?.send({ type: "end", dagId, epoch, exec, why });
  }
  for (const run of draft.runs.keys()) if (hasEnded(run.progress)) letGo(engine, run);
  for (const run of draft.created.keys()) if (hasEnded(run.progress)) letGo(engine, run);
  finish(draft);
  answerPings(engine, pings);
  askForInventory(engine);
}

function letGo(engine: Engine, run: RunState): void {
  const dag = engine.dags.get(run.head.dagId);
  if (dag) dropRun(dag, run);
}

function finish(draft: Draft): void {
  for (const act of draft.afterCommit) act();
}

/** A commit after the ping is what proves to the worker that we still hold these DAGs (ENGINE section 3.2). */
function answerPings(engine: Engine, pings: ReadonlyMap<WorkerLink, number>): void {
  const dags = [...engine.dags.values()].map(({ dagId, epoch }) => [dagId, epoch] as [typeof dagId, number]);
  for (const [link, ping] of pings) {
    if (ping <= link.answeredPing) continue;
    link.answeredPing = ping;
    link.send({ type: "holds", ping, dags });
  }
}

async function takeBack(
  engine: Engine,
  draft: Draft,
  taken: readonly Input[],
  cause: unknown,
): Promise<void> {
  engine.log.error(
    { error: String(cause), dags: [...draft.touched] },
    "A flush was refused; reading its DAGs again",
  );
  engine.look.beat = true;
  // Alone and refused again: it is the one, if it is what it brings that the database does not take. (A row that is not as
  // expected is nobody's fault: it is read again.)
  const culprit = engine.careful > 0 && taken.length === 1 && isData(cause) ? taken[0] : undefined;
  const back = culprit ? defused(engine, culprit, cause) : taken;
  engine.inputs.unshift(...back);
  engine.careful = CAREFUL_PASSES;
  await reload(engine, draft.touched);
  recount(engine);
}

/** Classes of errors in the data; and whatever never left this process, because it could not be encoded. */
const isData = (cause: unknown) =>
  !(cause instanceof DatabaseError) || /^(22|23|42|54)/.test(cause.code ?? "");

/** What the database does not take goes on without the part that may be to blame: the attempt fails, with the reason. */
function defused(engine: Engine, input: Input, cause: unknown): Input[] {
  engine.log.error({ kind: input.kind, error: String(cause) }, "The database does not take this");
  if (input.kind === "command") engine.refused.add(input.command.id);
  if (input.kind !== "report") return input.kind === "command" ? [input] : [];
  const error = {
    ...{ name: "NotStorable", stack: "", code: "result.not_storable" },
    message: `The database refused what this attempt brought: ${String(cause)}`,
  };
  const outcome = { kind: "failed", error, retryable: false, retryDelayMs: null } as const;
  return [{ ...input, report: { ...input.report, outcome } }];
}
