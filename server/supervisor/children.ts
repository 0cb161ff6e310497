import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { Clock } from "../platform/clock";
import { sayStop } from "./stop-word";

export interface ChildSpec {
  readonly name: string;
  /** The file that Node runs. */
  readonly entry: string;
  /** Goes through its stdin. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string>>;
  readonly nodeOptions?: readonly string[];
}

export interface Child {
  readonly name: string;
  /** Asks it to end, and ends it by force after that time; resolves when it is gone. */
  stop(graceMs: number): Promise<void>;
  kill(): void;
}

interface Surroundings {
  readonly clock: Clock;
  /** Every line it writes. */
  readonly onLine: (line: string) => void;
  readonly onExit: (exit: {
    readonly name: string;
    readonly how: string;
    readonly againInMs: number;
  }) => void;
}

const FIRST_RESTART_MS = 50;
const LAST_RESTART_MS = 10_000;
/** Who lived that long has not failed at its start. */
const STABLE_MS = 30_000;

/** Keeps one process alive: again at once, then with growing pauses, until it is stopped. */
export function keepChild(spec: ChildSpec, { clock, onLine, onExit }: Surroundings): Child {
  let stopping = false;
  let restarts = 0;
  let callOff = () => {};
  let process = start();

  function start(): ChildProcess {
    const startedMs = clock.monotonicMs();
    const child = launch(spec, onLine);
    child.once("exit", (code, signal) => {
      if (stopping) return;
      restarts = clock.monotonicMs() - startedMs > STABLE_MS ? 0 : restarts;
      const againInMs = Math.min(FIRST_RESTART_MS * 2 ** restarts++, LAST_RESTART_MS);
      onExit({ name: spec.name, how: signal ?? `code ${String(code)}`, againInMs });
      callOff = clock.wakeAfter(againInMs, () => {
        process = start();
      });
    });
    return child;
  }

  return {
    name: spec.name,
    async stop(graceMs) {
      stopping = true;
      callOff();
      const child = process;
      if (isGone(child)) return;
      const gone = new Promise<void>((resolve) => {
        child.once("exit", () => {
          resolve();
        });
      });
      const enough = clock.wakeAfter(graceMs, () => child.kill("SIGKILL"));
      sayStop(child.stdin);
      await gone;
      enough();
    },
    kill() {
      stopping = true;
      callOff();
      process.kill("SIGKILL");
    },
  };
}

function launch({ entry, options, env, nodeOptions = [] }: ChildSpec, onLine: (line: string) => void) {
  const child = spawn(process.execPath, [...nodeOptions, entry], { env, stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.on("error", () => undefined); // it is gone already; `exit` says so
  child.stdin.write(`${JSON.stringify(options)}\n`);
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", onLine);
  return child;
}

const isGone = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;
