/*
 * The whole of Vane on one machine. This process starts the others, keeps them alive and ends them; it does nothing else.
 *
 *   lock -> port -> Postgres -> migrations -> (demo,) scheduler, worker, loader, triggerer, web -> ready
 *   stop: loader, triggerer, web and worker; the scheduler, which takes in the worker's last reports; Postgres; lock
 *
 * Killed with SIGKILL, its children hear their stdin close and end themselves. The worker does so when its attempts have
 * ended: the next start's scheduler adopts them. Postgres lives on and is stopped at the next start.
 */
import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { newSetUpToken } from "../auth/set-up-link";
import { prepareDemo } from "../demo/prepare";
import { systemClock } from "../platform/clock";
import { toVaneError, VaneError } from "../platform/errors";
import { ownIdentity } from "../platform/process-identity";
import { requireLoopback } from "../web/loopback";
import { ask } from "./ask";
import { keepChild, type Child } from "./children";
import { choosePort, type WantedPort } from "./choose-port";
import { lockFolder } from "./folder-lock";
import { keepPostgres } from "./keep-postgres";
import { migrateDatabase } from "./migrate-database";
import { orphanWorkers } from "./orphans";
import { planChildren, type Plan } from "./plan-children";
import { preparePostgresPlace } from "./postgres-place";
import { readRunFile, removeRunFile, writeRunFile } from "./run-file";
import { openRunFolder, removeRunFolder } from "./run-folder";
import { openSpeech, type Speech } from "./speech";

export interface StandaloneOptions extends Omit<
  Plan,
  "instance" | "setUpToken" | "databaseUrl" | "port" | "publicUrl" | "demo"
> {
  /** Undefined: by our own Postgres. */
  readonly databaseUrl: string | undefined;
  readonly port: WantedPort;
  readonly publicUrl: string | undefined;
  /** With what its DAGs talk to: a market, a Telegram, a database of their own. */
  readonly demo: boolean;
  /** A line for the person who started it. */
  readonly say: (line: string) => void;
  readonly colours: boolean;
}

export interface Ready {
  readonly url: string;
  /** Where the first admin is made, while there is none. Whoever has it may be that admin, so it is said and never logged. */
  readonly setUpUrl: string | undefined;
}

export interface Standalone {
  /** Once everything is at work. Rejects when it cannot come up, and nothing is left by then. */
  readonly ready: Promise<Ready>;
  /** In order and within 15 s. */
  stop(): Promise<void>;
  /** At once. */
  kill(): void;
}

/** The worker gives its runtimes 10 s; the rest of the 15 s is for the scheduler and Postgres. */
const GRACE_MS = { first: 11_000, scheduler: 1_000 };

/** As much of what the web server says when everything is at work. */
const Readiness = z.object({ hasAdmin: z.boolean() });

export function startStandalone(options: StandaloneOptions): Standalone {
  const clock = systemClock(() => 0);
  const children: Child[] = [];
  const undo: (() => void | Promise<void>)[] = [];
  let stopping: Promise<void> | undefined;
  let killPostgres = () => {};

  async function start(): Promise<Ready> {
    const { home, installKey, host, say } = options;
    requireLoopback(host);
    await lock(home);
    const logs = join(home, "logs");
    mkdirSync(logs, { recursive: true, mode: 0o700 });
    const speech = openSpeech({ file: join(logs, "vane.log"), ...options });
    undo.push(speech.close);

    const port = await choosePort(options.port, host);
    if (port !== options.port.number) say(`Port ${options.port.number} is taken, so Vane takes ${port}.`);
    const url = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
    openRunFolder(options.runFolder);
    undo.push(() => {
      removeRunFolder(options.runFolder);
    });

    const databaseUrl = options.databaseUrl ?? (await ownDatabase(speech, logs));
    const { migrations, dist } = options;
    const migrated = await migrateDatabase(
      { databaseUrl, migrations, entry: join(dist, "migrate.cjs") },
      speech.log,
    );
    if (migrated === "migrated") say("The database is migrated.");

    const embedded = options.databaseUrl === undefined;
    const demo = options.demo ? await prepareDemo({ ...options, databaseUrl, embedded }) : undefined;
    const secrets = demo?.secrets ?? options.secrets;

    mayGoOn();
    const keyFile = join(home, "key.json");
    const { pid, pidStart } = ownIdentity();
    writeRunFile(home, {
      ...{ url, databaseUrl, runFolder: options.runFolder, keyFile, pid, pidStart },
      retention: options.retention,
      environment: {
        connections: Object.keys(secrets.environment.connections),
        variables: Object.keys(secrets.environment.variables),
      },
    });
    undo.push(() => {
      removeRunFile(home);
    });
    const publicUrl = options.publicUrl ?? url;
    const instance = randomUUID();
    const setUpToken = newSetUpToken();
    const plan = {
      ...options,
      installKey,
      databaseUrl,
      port,
      publicUrl,
      instance,
      setUpToken,
      secrets,
      demo: demo?.options,
    };
    children.push(orphanWorkers(options.runFolder));
    for (const spec of planChildren(plan)) {
      const onExit = speech.exited;
      children.push(keepChild(spec, { clock, onLine: speech.line, onExit }));
    }
    if (demo) await untilAnswered(demo.url);
    const { hasAdmin } = await untilReady(url, instance, speech);
    return { url, setUpUrl: hasAdmin ? undefined : `${url}/set-up#${setUpToken}` };
  }

  async function lock(home: string) {
    const outcome = await lockFolder(home);
    if (outcome.kind === "busy") {
      const running = readRunFile(home);
      throw new VaneError(
        "home.in_use",
        running
          ? `Vane runs here already: ${running.url} (process ${outcome.pid}). Use that one, or stop it first.`
          : `Vane is being started here already, by process ${outcome.pid}. Wait for it, or stop it first.`,
      );
    }
    undo.push(outcome.release);
  }

  async function ownDatabase(speech: Speech, logs: string) {
    const { home, installKey, say } = options;
    say("Starting the embedded Postgres ...");
    const place = preparePostgresPlace({ folder: home, installKey });
    if (place.setAside) say(`The database of an earlier .vane was set aside in ${place.setAside}.`);
    const postgres = await keepPostgres(place, {
      clock,
      logFile: join(logs, "postgres.log"),
      onExit: () => {
        speech.log.error({}, "Postgres has stopped by itself and is started again.");
      },
      onTrouble: (error) => {
        speech.log.error({}, toVaneError(error).sentence);
      },
    });
    undo.push(() => postgres.stop());
    killPostgres = () => {
      postgres.kill();
    };
    return postgres.url;
  }

  async function untilAnswered(url: string) {
    while ((await ask(url)).status === 0) {
      mayGoOn();
      await wait(20);
    }
  }

  async function untilReady(url: string, instance: string, speech: Speech) {
    for (let asked = 1; ; asked++) {
      mayGoOn();
      const answer = await ask(`${url}/readyz`);
      const ours = answer.text.includes(instance);
      if (answer.status === 200 && ours) return Readiness.parse(JSON.parse(answer.text));
      // The port was free when it was chosen; somebody else was faster.
      if (answer.status !== 0 && !ours) {
        throw new VaneError("port.taken", `Another program has taken ${url} meanwhile. Start Vane again.`);
      }
      // Every 15 s: whoever waits wants to know for what.
      if (asked % 150 === 0) speech.log.warn({}, `Not everything is ready yet: ${answer.text.trim()}`);
      await wait(100);
    }
  }

  const mayGoOn = () => {
    if (stopping) throw new Error("Stopped while starting.");
  };

  async function stopAll() {
    const scheduler = children.filter(({ name }) => name === "scheduler");
    const others = children.filter(({ name }) => name !== "scheduler");
    await Promise.all(others.map((child) => child.stop(GRACE_MS.first)));
    await Promise.all(scheduler.map((child) => child.stop(GRACE_MS.scheduler)));
    for (const step of undo.reverse()) await step();
  }

  const ready = start();
  const stop = () => (stopping ??= ready.then(stopAll, stopAll));
  return {
    ready: ready.catch(async (error: unknown) => {
      await stop();
      throw error;
    }),
    stop,
    kill() {
      for (const child of children) child.kill();
      killPostgres();
    },
  };
}
