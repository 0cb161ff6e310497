/*
 * One pass after the other, never two at once:
 *
 *   claim --> gather (reads) --> decide (pure, on memory) --> flush --> hand over, acknowledge, answer pings
 *     ^                                                         |
 *     '--- whatever came in meanwhile goes into the next --------'
 *
 * Memory is ahead of the database while a flush is on its way. If it is refused, the DAGs it touched are read again, and
 * tried apart from the others until it is known which one is to blame (suspects.ts).
 */
import { beat } from "../db/sql/beat";
import type { Statement } from "../db/sql/statement";
import { hasEnded, type RunState } from "../domain/run-state";
import type { WorkerLink } from "../executor/worker-link";
import { admitTasks, startQueuedRuns } from "./admit-tasks";
import { admitCallbacks } from "./callbacks";
import { admitChecks } from "./check-params";
import { isEmpty, newDraft, statementsOf, type Draft } from "./draft";
import type { Engine } from "./engine";
import { gather, type Gathered } from "./gather";
import { handOver } from "./hand-over";
import { askForInventory } from "./inventory";
import { claim, releaseSurplus, settleAdopted } from "./own";
import { dropRun } from "./owned";
import type { Scope } from "./suspects";
import { takeBack } from "./take-back";
import { takeDue } from "./take-due";
import { takeInputs, takeStarted } from "./take-inputs";
import { createDueRuns } from "./ticks";

/** `blind`: the database could not be read, so nothing was decided. */
export type PassOutcome = "idle" | "blind" | "committed" | "refused" | "deposed";

export async function runPass(engine: Engine): Promise<PassOutcome> {
  if (engine.look.claim) {
    engine.look.claim = false;
    if (!(await claim(engine))) return "deposed";
  }
  const scope = engine.suspects.nextScope();
  const gathered = await tryGather(engine, scope);
  const draft = newDraft(engine.clock.now(), scope);
  let statements: readonly Statement<unknown>[];
  try {
    if (gathered) decide(engine, draft, gathered);
    statements = statementsOf(draft, engine.id);
  } catch (error) {
    // A bug, and it must stop the one DAG only that brings it to light.
    await takeBack(engine, draft, error, dagsOf(engine, draft));
    goOn(engine);
    return "refused";
  }
  if (statements.length === 0) {
    finish(draft);
    if (!gathered) return "blind";
    clear(engine, draft);
    return "idle";
  }

  const pings = new Map(engine.executor.links().map((link) => [link, link.lastPing]));
  const outcome = await engine.flusher.commit(statements);
  switch (outcome.kind) {
    case "deposed":
      return "deposed";
    case "refused":
      await takeBack(engine, draft, outcome.cause, draft.touched);
      goOn(engine);
      return "refused";
    case "committed":
    case "committed_before":
      await carryOut(engine, draft, pings);
      clear(engine, draft);
      return "committed";
  }
}

/** While there are suspects, the next pass tries some of them, or lets the others go on. */
function goOn(engine: Engine): void {
  if (engine.suspects.any) engine.wake();
}

function clear(engine: Engine, { scope, taken }: Draft): void {
  // A tick that has come is made in the pass after the one that saw it: until then nothing is known.
  const isHeld = engine.clock.monotonicMs() < engine.ticksWaitUntilMs;
  const isWaiting = !isHeld && [...engine.tickDags].some(({ dagId }) => scope.includes(dagId));
  if (!isWaiting) engine.suspects.cleared(scope, taken.length > 0);
  goOn(engine);
}

const dagsOf = ({ dags }: Engine, { scope }: Draft) =>
  [...dags.keys()].filter((dagId) => scope.includes(dagId));

/** Without an answer from the database nothing is decided that would need one; what came in waits. */
async function tryGather(engine: Engine, scope: Scope): Promise<Gathered | undefined> {
  try {
    return await gather(engine, engine.clock.now(), scope);
  } catch (error) {
    engine.log.warn({ error: String(error) }, "Cannot read commands; trying again");
    engine.look.everyDoor = true;
    return undefined;
  }
}

function decide(engine: Engine, draft: Draft, gathered: Gathered): void {
  settleAdopted(engine, draft);
  takeInputs(engine, draft, gathered);
  // One that is tried alone must not be blamed for what else there is to do.
  if (!draft.scope.alone || draft.taken.length === 0) takeTime(engine, draft, gathered);
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
}

function takeTime(engine: Engine, draft: Draft, gathered: Gathered): void {
  takeDue(engine, draft);
  for (const [dagId, ticks] of gathered.ticks) {
    const dag = draft.scope.includes(dagId) ? engine.dags.get(dagId) : undefined;
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
