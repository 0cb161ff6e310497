import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import type { Duplex } from "node:stream";
import { z } from "zod";
import type { Clock } from "../platform/clock";
import { endFamily, MARK } from "../runtime/survivors";
import { AHEAD, LOADER_FD, type LoadRequest } from "./child-protocol";

export const ChildLimits = z.strictObject({
  timeMs: z.int().min(100).default(10_000),
  heapMb: z.int().min(32).default(512),
  answerBytes: z.int().min(1_000).default(16_000_000),
  /** How long a spare child is kept after the last load. */
  idleMs: z.int().min(0).default(60_000),
});
export type ChildLimits = z.infer<typeof ChildLimits>;

/** How a child ended. Only the first is its own word; it is unchecked. */
export type ChildEnding =
  | { readonly kind: "answered"; readonly json: string }
  | { readonly kind: "too_slow" }
  | { readonly kind: "too_much" }
  | {
      readonly kind: "gone";
      readonly exitCode: number | null;
      readonly signal: string | null;
      readonly lastWords: string;
    };

export interface ChildPool {
  /** In a process of its own; resolves when that is gone with all that it started. */
  load(request: LoadRequest): Promise<ChildEnding>;
  /** Starts the next child ahead: Node, the SDK and zod take some 150 ms of it. */
  warm(): void;
  close(): Promise<void>;
}

interface PoolOptions {
  /** dist/loader-child.cjs */
  readonly childEntry: string;
  readonly projectFolder: string;
  /** All that a DAG file sees of the environment; never a database URL or a key (config.childEnvironment). */
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly limits: ChildLimits;
}

const LAST_WORDS = 4_000;
const EXIT_MS = 1_000;

export function openChildPool(options: PoolOptions): ChildPool {
  const { clock, limits } = options;
  const alive = new Set<Child>();
  let spare: Child | undefined;
  let callOff = () => {};
  let closed = false;

  function start(...args: string[]): Child {
    const child = startChild(options, args);
    alive.add(child);
    void child.gone.then(() => {
      alive.delete(child);
      if (spare === child) spare = undefined;
    });
    return child;
  }

  function warm() {
    if (closed) return;
    callOff();
    spare ??= start(AHEAD);
    callOff = clock.wakeAfter(limits.idleMs, () => {
      spare?.kill();
      spare = undefined;
    });
  }

  return {
    warm,
    async load(request) {
      const child = spare ?? start();
      spare = undefined;
      const ending = await child.ask(request);
      warm();
      return ending;
    },
    async close() {
      closed = true;
      callOff();
      for (const child of alive) child.kill();
      await Promise.all([...alive].map((child) => child.gone));
    },
  };
}

interface Child {
  ask(request: LoadRequest): Promise<ChildEnding>;
  kill(): void;
  /** Resolves when it has ended, and all that it started with it. */
  readonly gone: Promise<void>;
}

function startChild(
  { childEntry, projectFolder, env, clock, limits }: PoolOptions,
  args: readonly string[],
): Child {
  // The CPU limit is for a child in an endless loop whose loader was killed: nobody else would end it.
  const mark = `loader/${randomUUID()}`;
  const cpuSeconds = Math.ceil(limits.timeMs / 1_000) * 2 + 5;
  const node = [
    process.execPath,
    `--max-old-space-size=${limits.heapMb}`,
    "--no-warnings",
    childEntry,
    ...args,
  ];
  const child = spawn("/bin/sh", ["-c", `ulimit -t ${cpuSeconds}; exec "$@"`, "loader-child", ...node], {
    cwd: projectFolder,
    env: { ...env, [MARK]: mark },
    // A group of its own and a mark, so that whatever the file starts is ended with it.
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const channel = child.stdio[LOADER_FD] as Duplex; // "pipe" is a socket pair
  channel.on("error", () => undefined); // a child that is gone shows by its exit
  const lastWords = listen(child);
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => {
      resolve();
    });
    // It could not even be started.
    child.once("error", () => {
      resolve();
    });
  });

  function kill() {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // the whole group is gone
    }
  }

  // What left the group still carries the mark.
  const gone = exited.then(() =>
    child.pid === undefined ? undefined : endFamily({ group: child.pid, mark }),
  );

  return {
    kill,
    gone,
    async ask(request) {
      const answer = readAnswer(channel, limits.answerBytes);
      const slow = after<ChildEnding>(clock, limits.timeMs, { kind: "too_slow" });
      channel.write(`${JSON.stringify(request)}\n`);
      const ending = await Promise.race([answer, slow.passed]);
      slow.callOff();
      // Its channel closes a moment before its exit is known; a file that closed it itself does not exit.
      if (!ending) await Promise.race([exited, after(clock, EXIT_MS, undefined).passed]);
      const { exitCode, signalCode: signal } = child;
      kill();
      await gone;
      channel.destroy();
      return ending ?? { kind: "gone", exitCode, signal, lastWords: lastWords() };
    },
  };
}

function after<T>(clock: Clock, delayMs: number, value: T) {
  let callOff = () => {};
  const passed = new Promise<T>((resolve) => {
    callOff = clock.wakeAfter(delayMs, () => {
      resolve(value);
    });
  });
  return { passed, callOff };
}

/** Up to the end of its line; undefined when the channel ends before that. */
function readAnswer(channel: Duplex, maxBytes: number): Promise<ChildEnding | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve) => {
    channel.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > maxBytes) resolve({ kind: "too_much" });
      else if (chunk.at(-1) === 10) {
        resolve({ kind: "answered", json: Buffer.concat(chunks).toString("utf8") });
      }
    });
    channel.once("close", () => {
      resolve(undefined);
    });
  });
}

/** Console noise is let through to nowhere; only the end of stderr may explain something. */
function listen(child: ChildProcess): () => string {
  let last = "";
  child.stdout?.resume();
  child.stderr?.on("data", (chunk: Buffer) => {
    last = (last + chunk.toString("utf8")).slice(-LAST_WORDS);
  });
  return () => last;
}
