import { cwd, env, getActiveResourcesInfo } from "node:process";
import { builtInsWatch } from "./built-ins";
import type { Children } from "./children";

export interface Surroundings {
  /** Takes things as they are for given: after a bundle was loaded, which may do what it likes to the process. */
  accept(): void;
  /** What goes on in the attempt's name, as the rest of a sentence about it; undefined when nothing does. */
  stillRunning(): string | undefined;
  /** What else is not as it was accepted, and would be noticed by the next attempt. */
  changed(): string | undefined;
}

/** Ours; one more or one less, and the next attempt cannot be reached or ended. */
const EVENTS = ["message", "disconnect", "SIGTERM", "uncaughtException", "unhandledRejection"];

/** What an attempt must leave as it found it, or the next one in this process would notice it. */
export function surroundings(children: Children): Surroundings {
  const builtIns = builtInsWatch();
  let accepted = look();

  function look() {
    return {
      folder: folder(),
      env: { ...env },
      resources: getActiveResourcesInfo().sort(),
      globals: new Set(Object.keys(Object.getOwnPropertyDescriptors(globalThis))),
      listeners: EVENTS.map((event) => process.listenerCount(event)),
    };
  }

  return {
    accept() {
      accepted = look();
    },
    stillRunning() {
      if (children.alive() > 0) return "left a process running";
      const left = leftOver(getActiveResourcesInfo(), accepted.resources);
      return left && `left something running (${left})`;
    },
    changed() {
      if (folder() !== accepted.folder) return "changed the working folder";
      const name = changedKey(env, accepted.env);
      if (name !== undefined) return `changed the environment variable ${name}`;
      const added = Object.getOwnPropertyNames(globalThis).find(
        (key) => !accepted.globals.has(key) && !isRegistry(key),
      );
      if (added !== undefined) return `left a global, ${added}`;
      const builtIn = builtIns();
      if (builtIn !== undefined) return builtIn;
      const listeners = EVENTS.find((event, i) => process.listenerCount(event) !== accepted.listeners[i]);
      return listeners && `changed who listens to ${listeners}`;
    },
  };
}

/** Libraries keep what all their copies share in such names (`__zod_globalRegistry`). */
const isRegistry = (key: string) => key.startsWith("__");

/** The folder may have been deleted. */
function folder(): string | undefined {
  try {
    return cwd();
  } catch {
    return undefined;
  }
}

function leftOver(now: readonly string[], before: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const name of before) counts.set(name, (counts.get(name) ?? 0) + 1);
  return now.find((name) => {
    const count = counts.get(name) ?? 0;
    counts.set(name, count - 1);
    return count === 0;
  });
}

function changedKey(now: NodeJS.ProcessEnv, before: NodeJS.ProcessEnv): string | undefined {
  const keys = Object.keys(now);
  const changed = keys.find((key) => now[key] !== before[key]);
  return changed ?? Object.keys(before).find((key) => !(key in now));
}
