/** What every library relies on: nothing may be added, taken away or replaced. */
const PROTOTYPES: readonly object[] = [
  ...[Object.prototype, Function.prototype, Array.prototype, String.prototype, Number.prototype],
  ...[BigInt.prototype, Date.prototype, Promise.prototype, RegExp.prototype, Error.prototype],
  ...[Map.prototype, Set.prototype, WeakMap.prototype, Symbol.prototype],
];
/** Libraries leave things on these when they are loaded; what was there stays what it was. */
const STATICS: readonly object[] = [Object, Array, Promise, Date, JSON, Math, Number, Reflect];
const GLOBALS = [
  "setTimeout",
  "setInterval",
  "setImmediate",
  "clearTimeout",
  "queueMicrotask",
  "Date",
  "Promise",
];

type Owner = Readonly<Record<PropertyKey, unknown>>;

/** Compares with how things were when it was made; the answer is the rest of a sentence. 10 us: asked after each attempt. */
export function builtInsWatch(): () => string | undefined {
  const counts = PROTOTYPES.map((owner) => [owner, Reflect.ownKeys(owner).length] as const);
  const values = [...PROTOTYPES, ...STATICS].flatMap((owner) =>
    Reflect.ownKeys(owner).flatMap((key) => {
      const value: unknown = Object.getOwnPropertyDescriptor(owner, key)?.value;
      return typeof value === "function" ? [{ owner: owner as Owner, key, value }] : [];
    }),
  );
  const globals = globalThis as Owner;
  for (const key of GLOBALS) values.push({ owner: globals, key, value: globals[key] as () => unknown });

  return () => {
    for (const { owner, key, value } of values) {
      if (owner[key] !== value) return `changed the built-in ${String(key)}`;
    }
    const grown = counts.some(([owner, count]) => Reflect.ownKeys(owner).length !== count);
    return grown ? "added to or took from a built-in prototype" : undefined;
  };
}
