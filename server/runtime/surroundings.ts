import { cwd, env, getActiveResourcesInfo } from "node:process";
import type { Children } from "./children";

export interface Surroundings {
  /** Takes things as they are for given: after a bundle was loaded, which may do what it likes to the process. */
  accept(): void;
  /** What is not as it was accepted, as the rest of a sentence about the attempt; undefined when all is. */
  changed(): string | undefined;
}

/** Built-ins whose properties every library relies on. */
const BUILT_INS: readonly object[] = [
  ...[
    Object,
    Function,
    Array,
    String,
    Number,
    Boolean,
    Symbol,
    BigInt,
    Date,
    Promise,
    RegExp,
    Error,
    Map,
    Set,
  ],
  ...[Object.prototype, Function.prototype, Array.prototype, String.prototype, Number.prototype],
  ...[Boolean.prototype, Symbol.prototype, BigInt.prototype, Date.prototype, Promise.prototype],
  ...[
    RegExp.prototype,
    Error.prototype,
    Map.prototype,
    Set.prototype,
    WeakMap.prototype,
    JSON,
    Math,
    Reflect,
  ],
];

const GLOBAL_FUNCTIONS = [
  "setTimeout",
  "setInterval",
  "setImmediate",
  "clearTimeout",
  "queueMicrotask",
  "Date",
  "Promise",
];

/** Ours; one more or one less, and the next attempt cannot be reached or ended. */
const EVENTS = ["message", "disconnect", "SIGTERM", "uncaughtException", "unhandledRejection"];

/** What an attempt must leave as it found it, or the next one in this process would notice it. */
export function surroundings(children: Children): Surroundings {
  const properties = BUILT_INS.map((owner) => ({
    owner,
    values: valuesOf(owner),
    count: keysOf(owner).length,
  }));
  const functions = GLOBAL_FUNCTIONS.map((name) => [name, global(name)] as const);
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
    changed() {
      if (children.alive() > 0) return "left a process running";
      const resources = getActiveResourcesInfo();
      if (resources.length > 0) {
        const left = leftOver(resources, accepted.resources);
        if (left) return `left something running (${left})`;
      }
      if (folder() !== accepted.folder) return "changed the working folder";
      const name = changedKey(env, accepted.env);
      if (name !== undefined) return `changed the environment variable ${name}`;
      const added = Object.getOwnPropertyNames(globalThis).find(
        (key) => !accepted.globals.has(key) && !isRegistry(key),
      );
      if (added !== undefined) return `left a global, ${added}`;
      const replaced = functions.find(([key, value]) => global(key) !== value);
      if (replaced) return `changed the global ${replaced[0]}`;
      for (const { owner, values, count } of properties) {
        if (keysOf(owner).length !== count) return "added to or took from a built-in prototype";
        for (const [key, value] of values) {
          if (Reflect.get(owner, key) !== value) return `changed the built-in ${String(key)}`;
        }
      }
      const listeners = EVENTS.find((event, i) => process.listenerCount(event) !== accepted.listeners[i]);
      return listeners && `changed who listens to ${listeners}`;
    },
  };
}

/** Libraries keep what all their copies share in such names (`__zod_globalRegistry`). */
const isRegistry = (key: string) => key.startsWith("__");

const keysOf = (owner: object) => Reflect.ownKeys(owner);

function valuesOf(owner: object): [PropertyKey, unknown][] {
  return keysOf(owner).flatMap((key): [PropertyKey, unknown][] => {
    const property = Object.getOwnPropertyDescriptor(owner, key);
    return property && "value" in property && typeof property.value === "function"
      ? [[key, property.value]]
      : [];
  });
}

const global = (name: string): unknown => Reflect.get(globalThis, name);

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
