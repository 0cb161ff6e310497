import { watch as openWatcher } from "chokidar";
import path from "node:path";
import type { Clock } from "../platform/clock";

export interface Watch {
  /** From now on these folders (not what is below them) and these files. */
  follow(paths: ReadonlySet<string>): void;
  close(): Promise<void>;
}

/** An editor's save is several events within a few ms; half a file is read again when the rest is written. */
const QUIET_MS = 25;

/**
 * Only folders that hold DAG files and files that went into a bundle: below a project may lie a million others.
 *
 * @param onChange something is otherwise than before; called once things are quiet
 */
export function watchPaths(clock: Clock, onChange: () => void, onError: (error: unknown) => void): Watch {
  const followed = new Set<string>();
  let callOff = () => {};
  const watcher = openWatcher([], {
    ignoreInitial: true,
    depth: 0,
    // Else a file that is deleted is held back for 100 ms, in case it comes back.
    atomic: false,
    ignored: (name) => !followed.has(name) && isNoise(path.basename(name)),
  });
  watcher.on("all", () => {
    callOff();
    callOff = clock.wakeAfter(QUIET_MS, onChange);
  });
  watcher.on("error", onError);

  return {
    follow(paths) {
      const added = [...paths].filter((name) => !followed.has(name));
      const gone = [...followed].filter((name) => !paths.has(name));
      for (const name of added) followed.add(name);
      for (const name of gone) followed.delete(name);
      if (gone.length > 0) watcher.unwatch(gone);
      if (added.length > 0) watcher.add(added);
    },
    async close() {
      callOff();
      await watcher.close();
    },
  };
}

const isNoise = (name: string) => name.startsWith(".") || name === "node_modules" || name.endsWith("~");
