/*
 * Postgres by its own binaries, from npm. The library around them would end our process 17 ms after Ctrl-C, share our
 * process group and hand on our whole environment.
 *
 *   no data folder       -> initdb into a folder beside it, renamed when whole
 *   postmaster.pid, ours -> a Postgres left by a kill -9: stopped, then started as our child
 *   postmaster.pid, not  -> a stale file whose pid is somebody else's now: deleted, Postgres would refuse for good
 *   running              -> in a session of its own; only `stop` ends it
 */
import { spawn, type ChildProcess } from "node:child_process";
import {
  appendFileSync,
  chownSync,
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { VaneError } from "../platform/errors";
import { freePort } from "./free-port";
import type { PostgresSeat } from "./postgres-seat";
import { readPostmasterPid } from "./postmaster-pid";
import { commandLine, signalProcess } from "./process-table";

export interface EmbeddedPostgres {
  /** Of the database `postgres`; see `withDatabase`. */
  readonly url: string;
  readonly port: number;
  /** Resolves when it is gone, by `stop` or by itself. */
  readonly exited: Promise<void>;
  stop(): Promise<void>;
  /** At once, without a checkpoint. */
  kill(): void;
}

interface Options {
  readonly seat: PostgresSeat;
  readonly password: string;
  readonly logFile: string;
  /** Where it listened before, so that clients find it again. */
  readonly port?: number;
}

const POSTGRES_MAJOR = 18;
const SUPERUSER = "vane";
/** 107 bytes are what a socket's path may have; Postgres adds `/.s.PGSQL.65535`. */
const MAX_SOCKET_FOLDER = 90;

/** 23 MB idle instead of 40, and nothing that only a replica would need. */
const SETTINGS = {
  listen_addresses: "127.0.0.1",
  max_connections: "60",
  io_method: "sync",
  max_logical_replication_workers: "0",
  jit: "off",
  timezone: "UTC",
  log_timezone: "UTC",
  log_min_messages: "warning",
};

export async function startPostgres({ seat, password, logFile, port }: Options): Promise<EmbeddedPostgres> {
  const data = join(seat.folder, "data");
  await stopLeftover(data);
  await initialise(seat, data, password, logFile);

  const deadline = performance.now() + 60_000;
  for (;;) {
    const chosen = port ?? (await freePort());
    removeSockets(seat.folder);
    const from = existsSync(logFile) ? statSync(logFile).size : 0;
    const child = run(seat, "postgres", ["-D", data, ...settings(seat, chosen)], logFile);
    const exited = exitOf(child);
    if (await isReady(data, child, deadline)) {
      return {
        url: urlOf(seat, password, chosen),
        port: chosen,
        exited,
        stop: () => end(child.pid ?? 0, () => child.exitCode !== null || child.signalCode !== null),
        kill: () => {
          child.kill("SIGQUIT");
        },
      };
    }
    const said = readFileSync(logFile, "utf8").slice(from);
    if (performance.now() > deadline || !isPassing(said)) {
      child.kill("SIGKILL");
      throw new VaneError(
        "database.unavailable",
        `The embedded Postgres did not start. Its last words: ${lastWords(said)} (more in ${logFile}).`,
      );
    }
    await wait(200);
  }
}

/** Stops a Postgres that runs on this data folder though nobody supervises it, and removes what would bar the next. */
export async function stopLeftover(data: string): Promise<void> {
  const left = readPostmasterPid(data);
  if (!left) return;
  const isOurs = () => commandLine(left.pid)?.includes(` ${data} `) ?? false;
  if (isOurs()) await end(left.pid, () => !isOurs());
  rmSync(join(data, "postmaster.pid"), { force: true });
}

async function initialise(seat: PostgresSeat, data: string, password: string, logFile: string) {
  if (existsSync(join(data, "PG_VERSION"))) {
    const version = readFileSync(join(data, "PG_VERSION"), "utf8").trim();
    if (version === String(POSTGRES_MAJOR)) return;
    throw new VaneError(
      "database.unavailable",
      `The database in ${data} was made by Postgres ${version}, and this Vane brings ${POSTGRES_MAJOR}. ` +
        "Start the Vane that made it, dump the database with pg_dump, and load it into the new one.",
    );
  }
  // An initdb may have been cut off, and may not have noticed yet.
  for (const name of readdirSync(seat.folder).filter((name) => name.startsWith("half."))) {
    rmSync(join(seat.folder, name), { recursive: true, force: true });
  }
  const half = join(seat.folder, `half.${process.pid}`);
  const passwordFile = join(seat.folder, "password");
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, password, { mode: 0o600, flag: "wx" });
  if (seat.user) chownSync(passwordFile, seat.user.uid, seat.user.gid);
  const child = run(
    seat,
    "initdb",
    [
      ...["-D", half, "-U", SUPERUSER, "--auth=scram-sha-256", `--pwfile=${passwordFile}`, "--encoding=UTF8"],
      // Same order and same case rules on every machine, without 27 MB of ICU.
      ...["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"],
    ],
    logFile,
  );
  await exitOf(child);
  rmSync(passwordFile, { force: true });
  if (child.exitCode !== 0) {
    const said = existsSync(logFile) ? readFileSync(logFile, "utf8") : "";
    throw new VaneError(
      "database.unavailable",
      `The embedded Postgres could not be set up in ${seat.folder}. Its last words: ${lastWords(said)} (more in ${logFile}).`,
    );
  }
  renameSync(half, data);
}

function run(
  { folder, binaries, user }: PostgresSeat,
  program: string,
  args: readonly string[],
  logFile: string,
) {
  // Opened by us and appended to: its user need not reach our log folder, and we may cut the file at any time.
  const log = openSync(logFile, "a", 0o600);
  try {
    const child = spawn(join(binaries, "bin", program), args, {
      cwd: folder,
      detached: true,
      env: { LC_ALL: "C", TZ: "UTC", PATH: "/usr/bin:/bin" },
      stdio: ["ignore", log, log],
      ...user,
    });
    // Without a listener a failed spawn would end our process; `exitOf` sees it, too.
    child.on("error", (error) => {
      appendFileSync(logFile, `${error.message}\n`);
    });
    return child;
  } finally {
    closeSync(log);
  }
}

function settings({ folder }: PostgresSeat, port: number): string[] {
  const socketFolder = hasSocket(folder) ? folder : "";
  const all = { ...SETTINGS, port: String(port), unix_socket_directories: socketFolder };
  return Object.entries(all).flatMap(([key, value]) => ["-c", `${key}=${value}`]);
}

const hasSocket = (folder: string) => Buffer.byteLength(folder) <= MAX_SOCKET_FOLDER;

/** By socket where that works, which is quicker; who only looks at host and port gets there, too. */
function urlOf({ folder }: PostgresSeat, password: string, port: number) {
  const socket = hasSocket(folder) ? `?host=${encodeURIComponent(folder)}` : "";
  return `postgres://${SUPERUSER}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres${socket}`;
}

async function isReady(data: string, child: ChildProcess, deadline: number) {
  while (child.exitCode === null && child.signalCode === null && child.pid && performance.now() < deadline) {
    const written = readPostmasterPid(data);
    if (written?.pid === child.pid && written.ready) return true;
    await wait(10);
  }
  return false;
}

/** Somebody took the port meanwhile, or backends of a killed Postgres have not noticed yet. */
const isPassing = (said: string) => /Address already in use|pre-existing shared memory block/.test(said);

const lastWords = (said: string) => said.trim().split("\n").slice(-2).join(" ") || "none";

/** Lock files of sockets name a pid as well, and bar the start just like postmaster.pid. */
function removeSockets(folder: string) {
  for (const name of readdirSync(folder))
    if (name.startsWith(".s.PGSQL.")) rmSync(join(folder, name), { force: true });
}

/** Fast shutdown, then without a checkpoint, then by force: the next start recovers from the log. */
async function end(pid: number, isGone: () => boolean) {
  for (const [signal, graceMs] of [
    ["SIGINT", 3_000],
    ["SIGQUIT", 1_000],
    ["SIGKILL", 5_000],
  ] as const) {
    if (isGone()) return;
    signalProcess(pid, signal);
    for (const until = performance.now() + graceMs; performance.now() < until && !isGone();) await wait(10);
  }
}

function exitOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => {
      resolve();
    });
    child.once("error", () => {
      resolve();
    });
  });
}

/** The same server, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = database;
  return changed.href;
}
