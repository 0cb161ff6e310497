import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { masker, type Masker } from "../logs/mask";
import type { Clock } from "../platform/clock";
import { FD, FromRuntime, type ToRuntime } from "../runtime/protocol";
import { endFamily, MARK, survivors } from "../runtime/survivors";
import type { Exit } from "./evidence";

export interface RuntimeListener {
  onMessage(message: FromRuntime): void;
  /** A line of fd 4, as JSON text if the runtime behaves. */
  onLine(line: string): void;
  /** What went past the log: output of grandchildren and of native code. */
  onRaw(source: "stdout" | "stderr", chunk: Buffer): void;
  /** It is gone with all that it started. */
  onGone(exit: Exit): void;
}

export interface RuntimeProcess {
  readonly pid: number;
  /** Of all that was passed on to it: what one attempt has put into a module's variable, a later one may print. */
  readonly masker: Masker;
  /** Hears everything from now on. */
  listen(listener: RuntimeListener): void;
  send(message: ToRuntime): void;
  /** By the clock's monotonic time; undefined: none while it is idle. */
  readonly setDeadline: (atMs: number | undefined) => void;
  /** Calls back, at once if it can, when so many bytes of fd 4 were read (or no more will come). */
  readonly whenRead: (bytes: number, then: () => void) => void;
  /** False from the moment that the system says so, somewhat before `onGone`. */
  isAlive(): boolean;
  terminate(): void;
  /** The whole group. */
  readonly kill: () => void;
  /** Whether anything that it started is alive. */
  hasFamily(): boolean;
  rssBytes(): number | undefined;
}

export interface SpawnOptions {
  /** Begins every mark, so that whoever proves this worker's death finds what it left (executor/end-runtimes.ts). */
  readonly worker: string;
  readonly entry: string;
  readonly projectFolder: string;
  /** All that a task sees of the environment: never a database URL, never a key (config.childEnvironment). */
  readonly env: Readonly<Record<string, string>>;
  readonly heapMb: number | null;
  readonly clock: Clock;
}

const LAST_WORDS = 4_000;
/** A stream that a process out of reach still holds is not waited for longer. */
const STREAMS_MS = 500;
/** Exit codes follow a closed channel at once; without one the process has closed it and lives. */
const CLOSED_MS = 200;

export function spawnRuntime({
  worker,
  entry,
  projectFolder,
  env,
  heapMb,
  clock,
}: SpawnOptions): RuntimeProcess | Error {
  const mark = `${worker}/${randomUUID()}`;
  const heap = heapMb === null ? [] : [`--max-old-space-size=${heapMb}`];
  const child = spawn(process.execPath, ["--no-warnings", ...heap, entry, mark], {
    cwd: projectFolder,
    env: { ...env, [MARK]: mark },
    // A group of its own, so that whatever the task starts is ended with it.
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "ipc", "pipe", "pipe"],
    serialization: "json",
  });
  const { pid } = child;
  if (pid === undefined) return startError(child);

  const family = { group: pid, mark };
  const stdio: readonly unknown[] = child.stdio; // its type ends at 4
  const logs = stdio[FD.log] as Readable;
  const watchdog = stdio[FD.watchdog] as Writable;
  let listener: RuntimeListener | undefined;
  let deadline: number | undefined;
  let lastWords = "";
  let lastRss: number | undefined;
  let closedChannel = false;
  const log = countedLines(logs, (line) => listener?.onLine(line));

  child.on("message", (unknown) => {
    const message = FromRuntime.safeParse(unknown);
    // Only user code that forges messages of ours can bring this about.
    if (message.success) listener?.onMessage(message.data);
    else kill();
  });
  child.stdout?.on("data", (chunk: Buffer) => listener?.onRaw("stdout", chunk));
  child.stderr?.on("data", (chunk: Buffer) => {
    lastWords = (lastWords + chunk.toString()).slice(-LAST_WORDS);
    listener?.onRaw("stderr", chunk);
  });
  for (const stream of [child, child.stdout, child.stderr, logs, watchdog])
    stream?.on("error", () => undefined);
  child.once("disconnect", () =>
    clock.wakeAfter(CLOSED_MS, () => {
      closedChannel = child.exitCode === null && child.signalCode === null;
      kill();
    }),
  );

  child.once("exit", (exitCode, signal) => {
    const streams = Promise.race([
      Promise.all([...[logs, child.stdout, child.stderr].map(ended), silent(child)]),
      new Promise<void>((resolve) => void setTimeout(resolve, STREAMS_MS).unref()),
    ]);
    void endFamily(family).then(async () => {
      await streams;
      log.end();
      listener?.onGone({ exitCode, signal, lastWords, rssBytes: lastRss, closedChannel });
    });
  });

  function kill() {
    signalTo(-family.group, "SIGKILL");
  }

  return {
    pid,
    masker: masker(),
    listen(next) {
      listener = next;
    },
    send(message) {
      if (child.connected) child.send(message, () => undefined);
    },
    setDeadline(atMs) {
      if (atMs === deadline) return;
      deadline = atMs;
      // The machine's clock: a moment of this process's own would mean nothing over there.
      const machineMs = Number(process.hrtime.bigint()) / 1e6 - clock.monotonicMs();
      watchdog.write(atMs === undefined ? "none\n" : `${Math.round(machineMs + atMs)}\n`);
    },
    whenRead(bytes, then) {
      log.whenRead(bytes, then);
    },
    isAlive: () => child.connected && child.exitCode === null && child.signalCode === null,
    terminate() {
      signalTo(family.group, "SIGTERM");
    },
    kill,
    hasFamily: () => survivors(family).some((other) => other !== pid),
    rssBytes() {
      lastRss = readRss(pid) ?? lastRss;
      return lastRss;
    },
  };
}

const startError = (child: { once(event: "error", listener: (error: Error) => void): unknown }) => {
  // It is told a turn later; nobody needs more than that it did not start.
  child.once("error", () => undefined);
  return new Error("The system could not start another process.");
};

function signalTo(pid: number, signal: "SIGTERM" | "SIGKILL") {
  try {
    process.kill(pid, signal);
  } catch {
    // gone already
  }
}

/** The channel's last word may come after the exit is told. */
const silent = (child: ChildProcess) =>
  new Promise<void>((resolve) => {
    if (child.connected) child.once("disconnect", resolve);
    else resolve();
  });

const ended = (stream: Readable | null) =>
  new Promise<void>((resolve) => {
    if (!stream || stream.closed || stream.readableEnded) resolve();
    else {
      stream.once("end", resolve);
      stream.once("close", resolve);
    }
  });

const NEWLINE = 0x0a;

function countedLines(stream: Readable, onLine: (line: string) => void) {
  let read = 0;
  let rest: Buffer[] = [];
  let closed = false;
  let waiting: { bytes: number; then: () => void } | undefined;

  function settle() {
    if (!waiting || (read < waiting.bytes && !closed)) return;
    const { then } = waiting;
    waiting = undefined;
    then();
  }

  stream.on("data", (chunk: Buffer) => {
    read += chunk.length;
    const end = chunk.lastIndexOf(NEWLINE);
    if (end < 0) rest.push(chunk);
    else {
      const text = Buffer.concat([...rest, chunk.subarray(0, end)]).toString();
      rest = end + 1 < chunk.length ? [chunk.subarray(end + 1)] : [];
      for (const line of text.split("\n")) onLine(line);
    }
    settle();
  });
  const end = () => {
    if (closed) return;
    closed = true;
    if (rest.length > 0) onLine(Buffer.concat(rest).toString());
    settle();
  };
  stream.on("close", end);
  return {
    end,
    whenRead(bytes: number, then: () => void) {
      waiting = { bytes, then };
      settle();
    },
  };
}

const PAGE_BYTES = 4_096;

function readRss(pid: number): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, "latin1").split(" ")[1]) * PAGE_BYTES;
  } catch {
    return undefined;
  }
}
