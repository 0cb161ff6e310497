import childProcess, { ChildProcess } from "node:child_process";
import { syncBuiltinESMExports } from "node:module";

export interface Children {
  /** Whether anything was started since the last call. */
  wereStarted(): boolean;
  /** Those that run although their starter may have let go of them (`unref`). */
  alive(): number;
}

/** Watches every way in which Node starts processes. */
export function watchChildren(): Children {
  let started = false;
  const alive = new Set<ChildProcess>();

  const prototype = ChildProcess.prototype as unknown as {
    spawn: (this: ChildProcess, options: object) => unknown;
  };
  const { spawn } = prototype;
  prototype.spawn = function (options) {
    started = true;
    alive.add(this);
    this.once("exit", () => alive.delete(this));
    this.once("error", () => this.pid === undefined && alive.delete(this));
    return spawn.call(this, options);
  };

  // They wait for what they start, but not for what that one leaves behind.
  for (const name of ["spawnSync", "execSync", "execFileSync"] as const) {
    const original = childProcess[name] as (...parts: unknown[]) => unknown;
    Object.assign(childProcess, {
      [name]: (...parts: unknown[]) => {
        started = true;
        return original(...parts);
      },
    });
  }
  syncBuiltinESMExports();

  return {
    wereStarted() {
      const were = started;
      started = false;
      return were;
    },
    alive: () => alive.size,
  };
}
