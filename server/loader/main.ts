import { realpathSync } from "node:fs";
import path from "node:path";
import type { Client } from "pg";
import { beatProcess, insertProcess, sayGoodbye } from "../db/process-row";
import { query } from "../db/sql/statement";
import { ProcessId } from "../domain/ids";
import { systemClock, type Clock } from "../platform/clock";
import type { Log } from "../platform/log";
import { ownIdentity } from "../platform/process-identity";
import type { Running } from "../platform/running";
import { dueService, LoopOptions } from "../platform/service";
import { openBundler } from "./bundle";
import { ChildLimits, openChildPool } from "./child-pool";
import { openDatabase, type Database } from "./database";
import type { DagFolder } from "./discover";
import { loadFile } from "./load-file";
import { loaderPass, type PassCounts } from "./pass";
import { watchFolders } from "./watch";

export interface LoaderOptions {
  readonly databaseUrl: string;
  readonly projectFolder: string;
  readonly dagFolders: readonly DagFolder[];
  /** The .vane folder. */
  readonly home: string;
  /** dist/loader-child.cjs */
  readonly childEntry: string;
  /** From it children get PATH, HOME, TZ, LANG and NODE_ENV, and nothing else. */
  readonly childEnv?: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly limits?: Partial<ChildLimits>;
  readonly onPass?: (outcome: PassCounts | { readonly error: unknown }) => void;
}

const BEAT_MS = 2_000;
/** Each file has its own limit, so a pass that finishes none for so long does not go on. */
const STUCK_MS = 60_000;
const UNSETTLED_MS = 300;
const GOODBYE_MS = 1_000;

/** Keeps the database true to the DAG files: a look at all of them, then at what is written, and every 30 s at all. */
export async function startLoader(options: LoaderOptions): Promise<Running> {
  const { home, childEntry, log, onPass } = options;
  // As esbuild and stacks name files.
  const projectFolder = realFolder(options.projectFolder);
  const dagFolders = options.dagFolders.map((folder) => ({ ...folder, path: realFolder(folder.path) }));
  const limits = ChildLimits.parse(options.limits ?? {});
  const clock = systemClock(() => 0);
  const stopped = new AbortController();
  const database = openDatabase(options.databaseUrl, clock, log);
  const bundler = openBundler(clock);
  const env = definedOnly(options.childEnv ?? {});
  const children = openChildPool({ childEntry, projectFolder, env, clock, limits });
  let wanted = true;
  let progressAtMs = clock.monotonicMs();

  const look = () => {
    wanted = true;
    loop.rearm();
  };
  const watch = watchFolders(clock, look, (error) => {
    log.warn({ error }, "Watching DAG files does not work; they are looked at every 30 s.");
  });
  const pass = loaderPass({
    ...{ projectFolder, dagFolders, database, clock, log },
    follow: watch.follow,
    stopped: stopped.signal,
    lookAgain: () => void clock.wakeAfter(UNSETTLED_MS, look),
    async load(file) {
      const loaded = await loadFile({ bundler, children, limits, childEntry, home }, file);
      progressAtMs = clock.monotonicMs();
      return loaded;
    },
  });
  const loop = dueService<PassCounts>(
    {
      clock,
      nextDue: () => (wanted ? clock.now() : undefined),
      async runOnce() {
        wanted = false;
        progressAtMs = clock.monotonicMs();
        return pass();
      },
      onPass(outcome) {
        progressAtMs = clock.monotonicMs();
        if ("error" in outcome && !stopped.signal.aborted) {
          wanted = true;
          log.error({ error: outcome.error }, "A look at the DAG files failed; it is repeated.");
        }
        onPass?.(outcome);
      },
    },
    LoopOptions.parse({}),
  );

  const isGoingOn = () => clock.monotonicMs() - progressAtMs < STUCK_MS;
  const row = await openProcessRow(database, clock, isGoingOn);
  loop.start();

  let stopping: Promise<void> | undefined;
  async function stop() {
    stopped.abort();
    row.stop();
    await watch.close();
    await children.close();
    await bundler.close();
    await Promise.race([row.sayGoodbye(), passed(clock, GOODBYE_MS)]);
    await database.close();
    await loop.stop();
  }
  return {
    stop: () => (stopping ??= stop()),
    failed: new Promise<never>(() => undefined), // what goes wrong is repeated until it goes right
  };
}

/** Beats while `isGoingOn`. Whoever was declared dead and lives takes a new row. */
async function openProcessRow(database: Database, clock: Clock, isGoingOn: () => boolean) {
  let id = newId();
  let callOff = () => {};
  let ended = false;
  const insert = (client: Client) =>
    query(client, insertProcess({ id, kind: "loader", identity: ownIdentity() }));

  async function beat() {
    if (isGoingOn()) {
      await database
        .run(async (client) => {
          const { name, text, values } = beatProcess(id);
          const { rowCount } = await client.query({ name, text, values: [...values] });
          if (rowCount !== 0) return;
          id = newId();
          await insert(client);
        })
        .catch(() => undefined);
    }
    arm();
  }
  function arm() {
    if (!ended) callOff = clock.wakeAfter(BEAT_MS, () => void beat());
  }

  await database.run(insert);
  arm();
  return {
    stop() {
      ended = true;
      callOff();
    },
    sayGoodbye: () => database.run((client) => sayGoodbye(client, id)),
  };
}

function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return path.resolve(folder); // it may come yet
  }
}

const newId = () => ProcessId.parse(crypto.randomUUID());

const passed = (clock: Clock, delayMs: number) =>
  new Promise<void>((resolve) => {
    clock.wakeAfter(delayMs, resolve);
  });

const definedOnly = (env: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
