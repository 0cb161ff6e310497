import type { Came, ErrorFacts, Outcome, ValueRef, WorkItem } from "../executor/protocol";
import { isSecretName, secretTexts } from "../domain/connection";
import { renderLines } from "../logs/log-line";
import type { LogKey } from "../logs/log-path";
import type { Masker } from "../logs/mask";
import { maskLine } from "../logs/mask-line";
import type { AttemptLog, LogStore } from "../logs/store";
import type { Clock } from "../platform/clock";
import type { BundleFiles } from "../runtime/bundles";
import { CUT_MARK, isCut } from "../runtime/error-facts";
import type { FromRuntime, ToRuntime } from "../runtime/protocol";
import { evidenceOf, type Exit } from "./evidence";
import type { Limits } from "./limits";
import type { Objects } from "./objects";
import { rawLines } from "./raw-lines";
import type { Seat } from "./runtime-pool";

export interface AttemptEnd {
  readonly outcome: Outcome;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly durationMs: number;
  readonly pid: number;
  readonly logBytes: number;
  readonly logTruncated: boolean;
}

export type Question = Extract<FromRuntime, { type: "need_connection" | "need_variable" }>;
export type Answer = Extract<ToRuntime, { type: "connection" | "variable" }>;

export interface Attempt {
  readonly startedMs: number;
  readonly startedAt: string;
  readonly pid: number;
  setDeadline(watchdogMs: number | undefined): void;
  answer(message: Answer): void;
  /** Now and again: how much memory it has, in case that it is asked when it is gone. */
  look(): void;
  /** SIGTERM, and SIGKILL after the time it has for it. */
  end(why: string): void;
  kill(why: string): void;
}

export interface AttemptParts {
  readonly logs: LogStore;
  readonly objects: Objects;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly onQuestion: (question: Question) => void;
  /** It has not begun, and is to be given to another runtime. */
  readonly onTurnedAway: () => void;
  /** All of it is gone that must not go on, and its log is written. */
  readonly onEnd: (end: AttemptEnd) => void;
}

/** One attempt in one runtime, from hand-over to what is reported of it. */
export function startAttempt(work: WorkItem, bundle: BundleFiles, seat: Seat, parts: AttemptParts): Attempt {
  const { logs, objects, clock, limits } = parts;
  const { runtime } = seat;
  const { masker } = runtime;
  /** Questions for variables that are secrets by their name. */
  const secretQueries = new Set<number>();
  const log = logs.open(logKeyOf(work));
  const spillPrefix = objects.prefixFor(work);
  const startedAt = clock.now().toISOString();
  const startedMs = clock.monotonicMs();
  let endedFor: string | undefined;
  let came: Came | undefined;
  let stop: { readonly at: string; readonly durationMs: number } | undefined;
  let callOff = () => {};
  let finished = false;
  let spoiled = false;

  const raw = { stdout: rawLog(log, masker, "stdout"), stderr: rawLog(log, masker, "stderr") };

  function done(message: Extract<FromRuntime, { type: "done" }>) {
    if (message.exec !== work.exec || came) return;
    came = message.came;
    stop = { at: clock.now().toISOString(), durationMs: clock.monotonicMs() - startedMs };
    const stays = endedFor === undefined && message.stillRunning === null && !isProcess(work);
    if (stays && !(message.spawned && runtime.hasFamily())) {
      runtime.whenRead(message.logBytes, () => {
        callOff();
        finish(message.came);
        finished = true;
        if (spoiled) runtime.kill();
        else seat.giveBack();
      });
      return;
    }
    // What it left behind could still do something in its name: it is reported once that is gone.
    runtime.kill();
  }

  /** By a runtime that the attempt before has spoiled: nothing of this one has begun. */
  function turnedAway() {
    runtime.kill();
    // Somebody wants it to end: that it does, with the runtime.
    if (endedFor !== undefined) return;
    finished = true;
    log.end();
    parts.onTurnedAway();
  }

  function finish(outcome: Came | Exit) {
    raw.stdout.flush();
    raw.stderr.flush();
    const told =
      "kind" in outcome
        ? referred(masked(outcome, masker), objects, spillPrefix)
        : exited({ ...outcome, lastWords: masker.mask(outcome.lastWords) }, endedFor);
    if (told.kind === "exited")
      for (const line of renderLines("vane", "error", told.evidence)) log.write(line);
    const { bytes, truncated } = log.end();
    const { at, durationMs } = stop ?? {
      at: clock.now().toISOString(),
      durationMs: clock.monotonicMs() - startedMs,
    };
    parts.onEnd({
      ...{ outcome: told, startedAt, endedAt: at, durationMs, pid: runtime.pid },
      ...{ logBytes: bytes, logTruncated: truncated },
    });
  }

  runtime.listen({
    onLine(line) {
      log.write(
        isOurs(line) ? maskLine(masker, line) : (renderLines("stdout", "info", masker.mask(line))[0] ?? ""),
      );
    },
    onRaw(source, chunk) {
      raw[source].take(chunk);
    },
    onMessage(message) {
      if (message.type === "need_variable" && isSecretName(message.key)) secretQueries.add(message.query);
      switch (message.type) {
        case "done":
          done(message);
          break;
        case "spoiled":
          if (came) spoiled = true;
          else turnedAway();
          break;
        case "need_connection":
        case "need_variable":
          parts.onQuestion(message);
          break;
        case "ready":
          break;
      }
    },
    onGone(exit) {
      callOff();
      seat.gone();
      if (!finished) finish(came ?? exit);
    },
  });

  const failure = handOver();
  if (failure) setImmediate(giveUp, failure);
  // While the runtime begins, not between its end and the report.
  log.prepare();

  function handOver(): Error | undefined {
    try {
      const values = work.kind === "task" ? mapValues(work.values, objects.resolve) : {};
      const ready = work.kind === "task" ? { ...work, values } : work;
      runtime.send({ type: "run", work: ready, bundle, spillPrefix });
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  function giveUp({ name, message }: Error) {
    const error = { name, message, stack: "", code: "result.gone" };
    finish({ kind: "failed", error, retryable: false, retryDelayMs: null });
    seat.giveBack();
  }

  return {
    startedMs,
    startedAt,
    pid: runtime.pid,
    setDeadline: runtime.setDeadline,
    look() {
      runtime.rssBytes();
    },
    answer(message) {
      masker.add(secretsIn(message, secretQueries));
      runtime.send(message);
    },
    end(why) {
      if (endedFor !== undefined) return;
      endedFor = why;
      runtime.send({ type: "abort", why });
      runtime.terminate();
      callOff = clock.wakeAfter(limits.termMs, runtime.kill);
    },
    kill(why) {
      endedFor ??= why;
      runtime.kill();
    },
  };
}

const isProcess = (work: WorkItem) => work.kind === "task" && work.isolation === "process";

/** A task that writes to the log's pipe itself must not be able to break the file's form. */
const isOurs = (line: string) => line.startsWith('{"t":"') && line.endsWith("}");

function rawLog(log: AttemptLog, masker: Masker, source: "stdout" | "stderr") {
  const level = source === "stdout" ? "info" : "warn";
  return rawLines(masker, (line) => {
    for (const text of renderLines(source, level, masker.mask(line))) log.write(text);
  });
}

/** A callback speaks in the log of the attempt that it is about. */
function logKeyOf(work: WorkItem): LogKey {
  const { dagId, run } = work;
  const ofRun = { dagId, runId: run.runId };
  if (work.kind === "task")
    return { ...ofRun, taskId: work.taskId, mapIndex: work.mapIndex, attempt: work.attempt };
  if (work.kind === "params") return { ...ofRun, name: "params" };
  const { mapIndex = -1, attempt } = work.happened;
  if (work.taskId === null || attempt === undefined) return { ...ofRun, name: "callbacks" };
  return { ...ofRun, taskId: work.taskId, mapIndex, attempt };
}

function secretsIn({ query, answer }: Answer, secretQueries: ReadonlySet<number>): string[] {
  if ("secrets" in answer) return secretTexts(answer.secrets);
  return "value" in answer && secretQueries.has(query) ? [answer.value] : [];
}

const exited = (exit: Exit, endedFor: string | undefined) => ({
  kind: "exited" as const,
  exitCode: exit.exitCode,
  signal: exit.signal,
  evidence: evidenceOf(exit, endedFor),
});

function masked(came: Came, masker: Masker): Came {
  if (came.kind === "skipped") return { ...came, message: masker.mask(came.message) };
  if (came.kind === "returned") return came;
  const hide = (error: ErrorFacts): ErrorFacts => ({
    ...error,
    name: masker.mask(error.name),
    message: hideCut(error.message, masker),
    stack: hideCut(error.stack, masker),
  });
  return { ...came, error: hide(came.error) };
}

/** Where a runtime has cut a text, a secret may have only begun: so much is left out. */
function hideCut(text: string, masker: Masker): string {
  if (!isCut(text) || masker.longest === 0) return masker.mask(text);
  return `${masker.mask(text).slice(0, -masker.longest)}${CUT_MARK}`;
}

function referred(came: Came, objects: Objects, prefix: string): Came {
  if (came.kind !== "returned") return came;
  try {
    const refer = (value: ValueRef) => objects.refer(value, prefix);
    return { ...came, result: refer(came.result), pushed: mapValues(came.pushed, refer) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const facts = { name: "Error", message, stack: "", code: "result.gone" };
    return { kind: "failed", error: facts, retryable: true, retryDelayMs: null };
  }
}

const mapValues = <Value>(record: Readonly<Record<string, Value>>, change: (value: Value) => Value) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
