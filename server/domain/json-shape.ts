/** Deep enough for any honest value, and far from where a recursive walk runs out of stack. */
const MAX_DEPTH = 500;

/** Whether a value survives JSON unchanged. By hand: a schema of unions builds and drops an error for each miss. */
export function isJson(value: unknown, depth = MAX_DEPTH): boolean {
  switch (typeof value) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return Number.isFinite(value);
    case "object":
      if (value === null) return true;
      if (depth === 0) return false;
      if (Array.isArray(value)) return value.every((item) => isJson(item, depth - 1));
      return isPlain(value) && Object.values(value).every((item) => isJson(item, depth - 1));
    case "undefined":
    case "function":
    case "symbol":
    case "bigint":
      return false;
  }
}

export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
