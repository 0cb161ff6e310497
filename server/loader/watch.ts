import { watch as openWatcher } from "chokidar";
import path from "node:path";
import type { Clock } from "../platform/clock";

export interface Watch {
  /** From now on these folders, too, without what is below them. */
  readonly follow: (folders: ReadonlySet<string>) => void;
  close(): Promise<void>;
}

/** An editor's save is several events within a few ms; half a file is read again when the rest is written. */
const QUIET_MS = 25;
const OF_INTEREST = /\.(?:[cm]?[jt]sx?|json|ya?ml|lock)$/;

/**
 * Folders only: a file that is replaced or comes back is seen in its folder. None is ever let go: chokidar's `unwatch`
 * would make it deaf to all that lies below, and a folder too many costs a look that finds nothing.
 *
 * @param onChange something is otherwise than before; called once things are quiet
 */
export function watchFolders(clock: Clock, onChange: () => void, onError: (error: unknown) => void): Watch {
  const followed = new Set<string>();
  let callOff = () => {};
  const watcher = openWatcher([], {
    ignoreInitial: true,
    depth: 0,
    // Else a file that is deleted is held back for 100 ms, in case it comes back.
    atomic: false,
    ignored(name, stats) {
      if (followed.has(name)) return false;
      const base = path.basename(name);
      if (base.startsWith(".") || base === "node_modules") return true;
      // A watched file costs a handle, and beside code there may lie any number of others.
      return stats?.isFile() === true && !OF_INTEREST.test(base);
    },
  });
  watcher.on("all", (event, name) => {
    // Made anew it is another folder, to be followed again.
    if (event === "unlinkDir") followed.delete(name);
    callOff();
    callOff = clock.wakeAfter(QUIET_MS, onChange);
  });
  watcher.on("error", onError);

  return {
    follow(folders) {
      const added = [...folders].filter((folder) => !followed.has(folder));
      for (const folder of added) followed.add(folder);
      if (added.length > 0) watcher.add(added);
    },
    async close() {
      callOff();
      await watcher.close();
    },
  };
}
