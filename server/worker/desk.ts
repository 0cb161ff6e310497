import type { DagId, Exec } from "../domain/ids";
import type { FromScheduler, FromWorker, Outcome, Report, WorkItem } from "../executor/protocol";
import type { Clock } from "../platform/clock";
import type { Log } from "../platform/log";
import type { Attempt, AttemptEnd, AttemptParts, Question } from "./attempt";
import { bundleRequests } from "./bundle-requests";
import type { BundleStore } from "./bundle-store";
import { pace } from "./credit";
import { dagLedger } from "./dag-ledger";
import { deadlines } from "./deadlines";
import type { Limits } from "./limits";
import type { Link } from "./link";
import { openQuestions } from "./questions";
import { remembered } from "./remembered";
import { reportShelf } from "./report-shelf";
import type { RuntimePool } from "./runtime-pool";
import { schedulers } from "./schedulers";
import { attemptSlots } from "./slots";

type Word = Exclude<FromScheduler, { type: "hello" }>;
type Said<Type extends Word["type"]> = Extract<Word, { type: Type }>;

/** What schedulers may ask of this worker, and what it owes them: ENGINE sections 2.1 and 3. */
export interface Desk {
  joined(link: Link, welcome: FromWorker): void;
  readonly heard: (link: Link, message: Word) => void;
  left(link: Link): void;
  /** With every ping. */
  readonly tick: () => void;
  /** A runtime is free, or none starts. */
  pump(): void;
  /** Nothing new starts. Resolves when what runs has ended by itself and is told, or nobody comes to hear it. */
  leave(): Promise<void>;
  /** Planned: nothing new starts, what runs is ended, and what is known is told. */
  stop(): Promise<void>;
}

interface DeskParts {
  readonly slots: number;
  readonly pool: RuntimePool;
  readonly bundles: BundleStore;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly log: Log;
  readonly attempt: Omit<AttemptParts, "onQuestion" | "onTurnedAway" | "onEnd">;
}

const OVERDUE = "No scheduler has spoken for its DAG for too long";
const STOPPING = "The worker is stopping";
const LEAVING = "The worker has lost its supervisor and takes nothing new";
const startOf = ({ exec }: WorkItem, { startedAt, pid }: Attempt): FromWorker => ({
  ...{ type: "started", exec, at: startedAt, pid },
});
const NOT_STARTED = { startedAt: null, durationMs: null, pid: null, logBytes: 0, logTruncated: false };

export function desk({ slots: count, pool, bundles, clock, limits, log, attempt }: DeskParts): Desk {
  const ledger = dagLedger<Link>();
  const shelf = reportShelf();
  const links = schedulers(clock, limits);
  const questions = openQuestions();
  const requests = bundleRequests(bundles);
  const speed = pace(count);
  /** Never started here, and never to be: an older socket may still hold the dispatch. */
  const denied = remembered<Exec>(limits.denialMs);
  /** Reported and taken in: a dispatch that comes again must not start it again. */
  const settled = remembered<Exec>(limits.denialMs);
  /** Ended by a planned stop. */
  const interrupted = new Set<Exec>();
  /** Ended because nobody renewed their DAG. */
  const unrenewed = new Set<Exec>();
  /** Why nothing new starts here. */
  let closed: string | undefined;
  let onQuiet = () => {};

  const slots = attemptSlots({
    ...{ slots: count, pool, clock, waitMs: limits.waitMs, attempt },
    ...{ onStarted, onQuestion, onEnded, onNoRoom: refuse },
    mayStart(work) {
      if (!due.isOverdue(work.dagId)) return true;
      refuse(work, OVERDUE);
      return false;
    },
  });
  const due = deadlines({
    ...{ clock, limitMs: limits.renewalMs, renewedMs: ledger.renewedMs, dags: slots.dags },
    onOverdue() {
      for (const work of slots.withdraw(({ dagId }) => due.isOverdue(dagId))) refuse(work, OVERDUE);
      const seconds = limits.renewalMs / 1_000;
      for (const { work, attempt: running } of slots.allRunning) {
        if (!due.isOverdue(work.dagId)) continue;
        unrenewed.add(work.exec);
        running.kill(`no scheduler spoke for ${work.dagId} for ${seconds} s`);
      }
    },
  });

  /** Whether it speaks for the DAG. To one that is new to it all is told that waits for an owner. */
  function hear(dagId: DagId, epoch: number, link: Link): boolean {
    const heard = ledger.hear(dagId, epoch, link);
    if (heard !== "new") return heard === "known";
    sendReports(link, shelf.ofDag(dagId));
    for (const question of questions.ofDag(dagId)) link.send(question);
    for (const hash of slots.missingBundles(dagId)) requests.ask(hash, link);
    for (const { work, attempt: running } of slots.allRunning)
      if (work.dagId === dagId) link.send(startOf(work, running));
    return true;
  }

  /** A runtime's own limit counts from the same moment as ours. */
  function setWatchdog(dagId: DagId, running: Attempt) {
    const renewedMs = ledger.renewedMs(dagId);
    if (renewedMs !== undefined) running.setDeadline(renewedMs + limits.watchdogMs);
  }

  function holds(link: Link, { ping, dags }: Said<"holds">) {
    const sentMs = link.answered(ping);
    for (const [dagId, epoch] of dags) {
      if (hear(dagId, epoch, link) && sentMs !== undefined) ledger.renew(dagId, sentMs);
    }
    for (const { work, attempt: running } of slots.allRunning) setWatchdog(work.dagId, running);
  }

  function dispatch(link: Link, { ping, items }: Said<"dispatch">) {
    links.used(link);
    const sentMs = link.answered(ping);
    for (const work of items) {
      const isOwner = hear(work.dagId, work.epoch, link);
      if (isOwner && sentMs !== undefined) ledger.renew(work.dagId, sentMs);
      if (slots.has(work.exec) || shelf.has(work.exec) || settled.has(work.exec)) continue;
      const why = refusal(work, isOwner);
      if (why === undefined) accept(work, link);
      else refuse(work, why);
    }
  }

  function refusal({ exec, dagId }: WorkItem, isOwner: boolean): string | undefined {
    if (!isOwner) return "Its scheduler does not own the DAG any more";
    if (denied.has(exec)) return "It was refused before";
    if (closed !== undefined) return closed;
    return due.isOverdue(dagId) ? OVERDUE : undefined;
  }

  function accept(work: WorkItem, link: Link) {
    const bundle = bundles.find(work.bundleHash);
    slots.add(work, bundle);
    due.watch(work.dagId);
    if (!bundle) requests.ask(work.bundleHash, link);
  }

  function refuse({ exec, dagId }: Pick<WorkItem, "exec" | "dagId">, why: string) {
    denied.add(exec, clock.monotonicMs());
    report(
      dagId,
      exec,
      { kind: "never_started", why },
      { ...NOT_STARTED, endedAt: clock.now().toISOString() },
    );
  }

  function onStarted(work: WorkItem, running: Attempt) {
    const { dagId } = work;
    setWatchdog(dagId, running);
    const tell = () => {
      if (slots.running(work.exec) === running) ledger.ownerOf(dagId)?.send(startOf(work, running));
    };
    if (limits.tellStartMs === 0) tell();
    else clock.wakeAfter(limits.tellStartMs, tell);
  }

  function onQuestion(work: WorkItem, question: Question) {
    const message = questions.add(work, question);
    ledger.ownerOf(work.dagId)?.send(message);
  }

  function onEnded({ exec, dagId }: WorkItem, { outcome, ...facts }: AttemptEnd) {
    questions.drop(exec);
    const finished = outcome.kind === "returned" || outcome.kind === "skipped";
    // A runtime's own watchdog may have been the first.
    const isLost = unrenewed.delete(exec) || due.isOverdue(dagId);
    const isInterrupted = interrupted.delete(exec);
    const told: Outcome =
      outcome.kind === "exited" && isLost
        ? { kind: "lost", evidence: outcome.evidence }
        : isInterrupted && !finished
          ? { kind: "interrupted" }
          : outcome;
    report(dagId, exec, told, facts);
    speed.ended(facts.durationMs);
    links.shareOut(room());
  }

  function report(
    dagId: DagId,
    exec: Exec,
    outcome: Outcome,
    facts: Omit<Report, "dagId" | "epoch" | "exec" | "outcome">,
  ) {
    const made: Report = { dagId, epoch: ledger.epochOf(dagId) ?? 1, exec, outcome, ...facts };
    shelf.put(made);
    const owner = ledger.ownerOf(dagId);
    if (owner) sendReports(owner, [made]);
    tellIfQuiet();
  }

  /** Under the epoch of whom they go to. */
  function sendReports(link: Link, reports: readonly Report[]) {
    if (reports.length === 0) return;
    const current = reports.map((one) => ({ ...one, epoch: ledger.epochOf(one.dagId) ?? one.epoch }));
    link.send({ type: "reports", reports: current });
  }

  function ack(link: Link, { reports }: Said<"ack">) {
    for (const { dagId, epoch, exec } of reports) {
      if (!hear(dagId, epoch, link) || !shelf.has(exec)) continue;
      shelf.take(exec);
      if (!denied.has(exec)) settled.add(exec, clock.monotonicMs());
    }
    tellIfQuiet();
  }

  /** "Unknown" is a promise never to start it. */
  function inventory(link: Link, { query, dagId, epoch, execs }: Said<"ask">) {
    if (!hear(dagId, epoch, link)) return;
    const isKnown = (exec: Exec) => slots.has(exec) || shelf.has(exec) || settled.has(exec);
    const unknown = execs.filter((exec) => !isKnown(exec));
    for (const exec of unknown) denied.add(exec, clock.monotonicMs());
    link.send({ type: "inventory", query, known: execs.filter(isKnown), unknown });
  }

  function end(link: Link, { dagId, epoch, exec, why }: Said<"end">) {
    if (!hear(dagId, epoch, link) || shelf.has(exec) || settled.has(exec)) return;
    const running = slots.running(exec);
    if (running) {
      running.end(why);
      return;
    }
    slots.withdraw((work) => work.exec === exec);
    refuse({ exec, dagId }, `It was ended before it began: ${why}`);
  }

  function bundle(message: Said<"bundle">) {
    try {
      slots.supply(message.hash, requests.take(message));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      log.error({ hash: message.hash, error }, "A bundle could not be had.");
      const sentence = `The code of this version could not be had: ${why}.`;
      const facts = { name: "Error", message: sentence, stack: "", code: "bundle.missing" };
      const outcome: Outcome = { kind: "failed", error: facts, retryable: true, retryDelayMs: null };
      const without = slots.withdraw(
        ({ bundleHash }, hasBundle) => bundleHash === message.hash && !hasBundle,
      );
      const endedAt = clock.now().toISOString();
      for (const { dagId, exec } of without) report(dagId, exec, outcome, { ...NOT_STARTED, endedAt });
    }
  }

  function answer(message: Said<"connection"> | Said<"variable">) {
    const found = questions.take(message);
    if (found) slots.running(found.exec)?.answer(found.answer);
  }

  function tellIfQuiet() {
    if (slots.allRunning.length === 0 && shelf.size === 0) onQuiet();
  }

  const room = () => (closed === undefined ? count + speed.lookAhead : 0);

  function close(why: string) {
    closed = why;
    for (const work of slots.withdraw(() => true)) refuse(work, why);
  }

  /** Resolves when nothing runs and every report was taken in, or after that time. */
  const quiet = (withinMs: number) =>
    new Promise<void>((resolve) => {
      const callOff = clock.wakeAfter(withinMs, resolve);
      onQuiet = () => {
        callOff();
        resolve();
      };
      tellIfQuiet();
    });

  return {
    pump: slots.pump,
    joined(link, welcome) {
      link.send(welcome);
      links.add(link);
      links.shareOut(room());
    },
    left(link) {
      ledger.forget(link);
      links.remove(link);
    },
    heard(link, message) {
      switch (message.type) {
        case "holds":
          holds(link, message);
          break;
        case "dispatch":
          dispatch(link, message);
          break;
        case "ack":
          ack(link, message);
          break;
        case "ask":
          inventory(link, message);
          break;
        case "end":
          end(link, message);
          break;
        case "bundle":
          bundle(message);
          break;
        case "connection":
        case "variable":
          answer(message);
          break;
      }
    },
    tick() {
      const nowMs = clock.monotonicMs();
      denied.sweep(nowMs);
      settled.sweep(nowMs);
      links.ping(slots.dags());
      links.shareOut(room());
      for (const { attempt: running } of slots.allRunning) running.look();
      pool.tick();
    },
    async leave() {
      close(LEAVING);
      links.shareOut(room());
      while (slots.allRunning.length > 0) await quiet(limits.unheardMs);
      await quiet(limits.unheardMs);
    },
    async stop() {
      close(STOPPING);
      if (limits.drainMs > 0) await quiet(limits.drainMs);
      for (const { work, attempt: running } of slots.allRunning) {
        interrupted.add(work.exec);
        running.end("the worker is stopping");
      }
      await pool.close();
      await quiet(limits.farewellMs);
      links.sayGoodbye();
    },
  };
}
