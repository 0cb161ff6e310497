import { realpathSync } from "node:fs";
import path from "node:path";
import { beatService } from "../db/process-beat";
import { systemClock, type Clock } from "../platform/clock";
import type { Log } from "../platform/log";
import type { Running } from "../platform/running";
import { dueService, LoopOptions } from "../platform/service";
import { openBundler } from "./bundle";
import { ChildLimits, openChildPool } from "./child-pool";
import { openDatabase } from "./database";
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
  /** All that DAG files see of the environment. */
  readonly childEnv: Readonly<Record<string, string>>;
  readonly log: Log;
  readonly limits?: Partial<ChildLimits>;
  readonly onPass?: (outcome: PassCounts | { readonly error: unknown }) => void;
}

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
  const children = openChildPool({ childEntry, projectFolder, env: options.childEnv, clock, limits });
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

  const beat = beatService({
    run: (work) => database.run(work),
    clock,
    process: { kind: "loader" },
    isGoingOn: () => clock.monotonicMs() - progressAtMs < STUCK_MS,
    onPass: () => undefined, // the connection itself says when the database is away
  });
  await beat.begin();
  loop.start();

  let stopping: Promise<void> | undefined;
  async function stop() {
    stopped.abort();
    await watch.close();
    await children.close();
    await bundler.close();
    await Promise.race([beat.stop(), passed(clock, GOODBYE_MS)]);
    await database.close();
    await loop.stop();
  }
  return {
    stop: () => (stopping ??= stop()),
    failed: new Promise<never>(() => undefined), // what goes wrong is repeated until it goes right
  };
}

function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return path.resolve(folder); // it may come yet
  }
}

const passed = (clock: Clock, delayMs: number) =>
  new Promise<void>((resolve) => {
    clock.wakeAfter(delayMs, resolve);
  });
