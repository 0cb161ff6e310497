import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { onTestFinished } from "vitest";
import { postgresFolder } from "../supervisor/postgres-place";
import { commandLine, signalProcess } from "../supervisor/process-table";

export interface Project {
  readonly folder: string;
  readonly home: string;
}

/** A folder with an empty dags/, removed after the test together with what root's Postgres keeps elsewhere. */
export function newProject(): Project {
  const folder = mkdtempSync(join(tmpdir(), "vane-system-"));
  const home = join(folder, ".vane");
  mkdirSync(join(folder, "dags"));
  mkdirSync(home, { mode: 0o700 });
  onTestFinished(() => {
    rmSync(postgresFolder(home), { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  });
  return { folder, home };
}

export interface StartedVane {
  readonly pid: number;
  /** Resolves to the address when it says that it is ready; rejects with all it said when it ends before. */
  readonly ready: Promise<string>;
  /** Resolves to its exit code. */
  readonly ended: Promise<number | null>;
  /** Everything it has said so far. */
  readonly said: () => string;
  signal(signal: NodeJS.Signals): void;
  /** Nobody reads what it says from now on. */
  stopReading(): void;
  /** It, what it has started, and the Postgres of its folder. */
  processes(): number[];
  /** The same with their command lines. */
  commands(): [pid: number, command: string][];
}

interface Options {
  readonly project: Project;
  /** Default: what `npm start` runs. */
  readonly program?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const NPM_START = ["server/cli/start.mjs"];

/** `npm start` on a project of its own, with nothing of the environment but a PATH. */
export function startVane({ project, program = NPM_START, args = [], env = {} }: Options): StartedVane {
  const child = spawn(process.execPath, [...program, ...args], {
    env: {
      ...{ PATH: "/usr/local/bin:/usr/bin:/bin", VANE_HOME: project.home },
      VANE_DAGS: join(project.folder, "dags"),
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return follow(child, project);
}

/** However it was started: the process that says that Vane is ready. */
export function follow(child: ChildProcessByStdio<null, Readable, Readable>, project: Project): StartedVane {
  const lines: string[] = [];
  const said = () => lines.join("\n");
  const ended = once(child, "close").then(() => child.exitCode);
  const ready = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        lines.push(line);
        const [, url] = /^Vane is ready: (.*)$/.exec(line) ?? [];
        if (url) resolve(url);
      });
    }
    void ended.then(() => {
      reject(new Error(`It ended before it was ready:\n${said()}`));
    });
  });
  ready.catch(() => undefined); // not every test waits for it

  const pid = child.pid ?? 0;
  const processes = () => [...descendants(pid), ...postgresOf(project)];
  const commands = () => processes().map((found): [number, string] => [found, commandLine(found) ?? ""]);
  onTestFinished(async () => {
    for (const left of [pid, ...processes()]) signalProcess(left, "SIGKILL");
    await ended;
  });
  const signal = (name: NodeJS.Signals) => child.kill(name);
  const stopReading = () => {
    for (const stream of [child.stdout, child.stderr]) stream.destroy();
  };
  return { pid, ready, ended, said, signal, stopReading, processes, commands };
}

function allProcesses() {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function descendants(pid: number): number[] {
  const children = allProcesses().filter((other) => parentOf(other) === pid);
  return [...children, ...children.flatMap(descendants)];
}

function parentOf(pid: number) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined;
  }
}

/** The postmaster and the processes that it has started. */
function postgresOf({ home }: Project): number[] {
  const data = join(postgresFolder(home), "data");
  const masters = allProcesses().filter((pid) => commandLine(pid)?.includes(data));
  return [...masters, ...masters.flatMap(descendants)];
}
