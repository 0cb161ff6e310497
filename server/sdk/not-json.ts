type Path = readonly (string | number)[];

export interface Flaw {
  readonly path: Path;
  /** Half a sentence: "a Date is not JSON: use toISOString()". */
  readonly why: string;
}

export type Walk =
  | { readonly kind: "json" }
  | ({ readonly kind: "not_json" } & Flaw)
  /** Its text would be longer than allowed; counted on the way, so that a small knot of references cannot blow up. */
  | { readonly kind: "too_big" };

/** Deeper than any honest value, and far from where a recursive JSON.stringify runs out of stack. */
const MAX_DEPTH = 1_000;

/** One object on the way down: which of its entries comes next. */
interface Step {
  readonly holder: object;
  /** undefined: a list, whose keys are its positions. */
  readonly keys: readonly string[] | undefined;
  readonly length: number;
  next: number;
}

/**
 * Looks for the first thing in a value that JSON would change or lose. Without recursion: a value 100,000 levels deep
 * is told, not crashed on.
 */
export function walkJson(value: unknown, maxChars: number): Walk {
  const steps: Step[] = [];
  const above = new Set<object>();
  let chars = 0;

  /** Weighs one value, and steps into it when it holds others. */
  function look(found: unknown): string | undefined {
    const why = flawOf(found);
    if (why) return why;
    chars += weightOf(found);
    if (typeof found !== "object" || found === null) return undefined;
    if (above.has(found)) return "it contains itself";
    if (steps.length >= MAX_DEPTH) return `it is nested deeper than ${MAX_DEPTH} levels`;
    above.add(found);
    steps.push(stepInto(found));
    return undefined;
  }

  const flaw = look(value);
  if (flaw) return { kind: "not_json", path: [], why: flaw };
  for (let step = steps.at(-1); step; step = steps.at(-1)) {
    if (chars > maxChars) return { kind: "too_big" };
    if (step.next === step.length) {
      above.delete(step.holder);
      steps.pop();
      continue;
    }
    step.next += 1;
    const key = keyAt(step);
    const item: unknown = Reflect.get(step.holder, key);
    if (typeof key === "string") {
      if (item === undefined) continue; // JSON leaves the key out, and so does the type
      chars += key.length + 3;
    }
    const depth = steps.length;
    const why = item === undefined ? "undefined in a list becomes null: use null" : look(item);
    if (why) return { kind: "not_json", path: steps.slice(0, depth).map(keyAt), why };
  }
  return chars > maxChars ? { kind: "too_big" } : { kind: "json" };
}

/** `rows[0].at`, `["odd key"].x`; of a very long one the beginning. */
export function pathText(path: Path): string {
  const shown = path
    .slice(0, 20)
    .map((key, i) => {
      if (typeof key === "number") return `[${key}]`;
      return /^[\w$]+$/.test(key) ? `${i === 0 ? "" : "."}${key}` : `[${JSON.stringify(key)}]`;
    })
    .join("");
  return path.length > 20 ? `${shown}...` : shown;
}

function stepInto(holder: object): Step {
  const keys = Array.isArray(holder) ? undefined : Object.keys(holder);
  return { holder, keys, length: keys?.length ?? (holder as readonly unknown[]).length, next: 0 };
}

/** Of the entry that is being looked at. */
const keyAt = ({ keys, next }: Step): string | number => keys?.[next - 1] ?? next - 1;

/** At least so many characters: escapes and commas only add to it. */
function weightOf(value: unknown): number {
  if (typeof value === "string") return value.length + 2;
  return typeof value === "object" && value !== null ? 2 : 1;
}

export function flawOf(value: unknown): string | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
    case "undefined":
      return undefined;
    case "number":
      return Number.isFinite(value) ? undefined : `${value} is not JSON: use null`;
    case "bigint":
      return "a bigint is not JSON: return a string";
    case "symbol":
      return "a symbol is not JSON";
    case "function":
      return "a function is not JSON";
    case "object":
      return value === null || Array.isArray(value) ? undefined : flawOfObject(value);
  }
}

function flawOfObject(value: object): string | undefined {
  if (value instanceof Date) return "a Date is not JSON: use toISOString()";
  if (value instanceof Map || value instanceof Set) {
    return "a Map or Set is not JSON: use Object.fromEntries or [...set]";
  }
  if (typeof Reflect.get(value, "toJSON") === "function") {
    return "an object with toJSON comes back as something else: call it yourself";
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  // An object of another realm has a prototype that is not ours, but none above it.
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
  return isPlain
    ? undefined
    : `an instance of ${nameOfClass(prototype)} loses its class: return a plain object`;
}

function nameOfClass(prototype: unknown): string {
  const made: unknown = Reflect.get(Object(prototype) as object, "constructor");
  return typeof made === "function" && made.name !== "" ? made.name : "a class";
}
