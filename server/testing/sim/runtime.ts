import type { Exec, RunKey } from "../../domain/ids";
import type { Came, TaskWork, WorkItem } from "../../executor/protocol";
import type { RuntimeListener, RuntimeProcess } from "../../worker/runtime-process";
import type { Random } from "./random";
import { actor, type Actor, type Timeline } from "./timeline";

/** Who watches that user code of a task never runs twice at once. */
export interface Witness {
  begins(exec: Exec, work: TaskWork): void;
  /** The params of a run have passed the checks of its DAG. */
  passed(run: RunKey): void;
  /** By itself, or because it was ended: nothing of it is alive any more. */
  ends(exec: Exec, came: Came | undefined): void;
}

export interface RuntimeRules {
  /** A runtime ends itself when its worker has not moved its deadline. */
  readonly watchdog: boolean;
}

interface Parts {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly witness: Witness;
  readonly rules: RuntimeRules;
  /** The share of tasks that take minutes. */
  readonly longTasks: () => number;
  readonly worker: Actor;
}

export interface SimRuntime extends RuntimeProcess {
  /** The pipe to its worker has closed. */
  orphan(): void;
}

const NO_SECRETS = { add: () => undefined, mask: (text: string) => text, longest: 0 };
const PIPE_MS = [1, 4] as const;
let pids = 0;

export function simRuntime({ timeline, random, witness, rules, longTasks, worker }: Parts): SimRuntime {
  const whose = actor(`runtime ${(pids += 1)}`);
  let listener: RuntimeListener | undefined;
  let running: Exec | undefined;
  let deadlineMs: number | undefined;
  let lastWordMs = 0;

  /** Over the pipe, in order; a worker that stands still hears it later. */
  function tell(word: (to: RuntimeListener) => void): void {
    lastWordMs = Math.max(lastWordMs, timeline.nowMs() + random.between(...PIPE_MS));
    timeline.after(lastWordMs - timeline.nowMs(), worker, () => {
      if (listener) word(listener);
    });
  }

  function die(signal: string | null, exitCode: number | null): void {
    if (!whose.alive) return;
    whose.alive = false;
    if (running) witness.ends(running, undefined);
    running = undefined;
    tell((to) => {
      to.onGone({ exitCode, signal, lastWords: "", rssBytes: undefined });
    });
  }

  function run(work: WorkItem): void {
    const { exec } = work;
    if (random.chance(0.03)) {
      // The attempt before has left something: nothing of this one begins here.
      tell((to) => {
        to.onMessage({ type: "spoiled", why: "sim" });
      });
      return;
    }
    running = exec;
    if (work.kind === "task") witness.begins(exec, work);
    const long = random.chance(longTasks());
    timeline.after(long ? random.between(20_000, 400_000) : random.between(2, 3_000), whose, () => {
      if (random.chance(0.05)) {
        die(null, 1);
        return;
      }
      const came = work.kind === "params" ? howItWasChecked(random) : howItCame(random);
      if (work.kind === "params" && came.kind === "returned") witness.passed(work.run.runKey);
      running = undefined;
      witness.ends(exec, came);
      tell((to) => {
        to.onMessage({ type: "done", exec, came, logBytes: 0, stillRunning: null, spawned: false });
      });
    });
  }

  return {
    pid: pids,
    masker: NO_SECRETS,
    listen(next) {
      listener = next;
    },
    send(message) {
      if (message.type === "run") run(message.work);
    },
    setDeadline(atMs) {
      deadlineMs = atMs;
      if (atMs === undefined || !rules.watchdog) return;
      timeline.after(atMs - timeline.nowMs(), whose, () => {
        if (deadlineMs !== undefined && deadlineMs <= timeline.nowMs() && running) die("SIGKILL", null);
      });
    },
    whenRead: (_, then) => {
      then();
    },
    isAlive: () => whose.alive,
    terminate() {
      // Some end at once, some take their time, some do not listen.
      if (random.chance(0.7)) {
        timeline.after(random.between(1, 12_000), whose, () => {
          die("SIGTERM", null);
        });
      }
    },
    kill() {
      timeline.after(random.between(1, 20), whose, () => {
        die("SIGKILL", null);
      });
    },
    hasFamily: () => false,
    rssBytes: () => undefined,
    orphan() {
      die("SIGKILL", null);
    },
  };
}

const NOTHING = { none: true } as const;
const ERROR = { name: "Error", message: "sim", stack: "", code: null };

function howItCame(random: Random): Came {
  const dice = random.next();
  if (dice < 0.72) {
    const result = random.chance(0.5) ? { json: "1" } : NOTHING;
    return { kind: "returned", result, pushed: random.chance(0.2) ? { note: { json: '"x"' } } : {} };
  }
  if (dice < 0.77) return { kind: "skipped", message: "sim" };
  if (dice < 0.92) return { kind: "failed", error: ERROR, retryable: dice < 0.88, retryDelayMs: null };
  return { kind: "retry", error: ERROR, afterMs: 500, free: dice > 0.97 };
}

function howItWasChecked(random: Random): Came {
  if (random.chance(0.9)) return { kind: "returned", result: NOTHING, pushed: {} };
  return { kind: "failed", error: ERROR, retryable: random.chance(0.3), retryDelayMs: null };
}
