import { VaneError } from "../platform/errors";
import { pathText, walkJson } from "./not-json";

/** Over this a value is no message between tasks any more, but a data set. */
const MAX_RESULT_BYTES = 48 * 1024 * 1024;

/**
 * The JSON text of what a task returned (or pushed); undefined when it returned nothing. What JSON would change, and
 * what is too big, is an error that names the task and the place.
 */
export function resultText(taskId: string, value: unknown, maxBytes = MAX_RESULT_BYTES): string | undefined {
  if (value === undefined) return undefined;
  const walk = walkJson(value, maxBytes);
  if (walk.kind === "too_big") throw tooBig(taskId, `more than ${megabytes(maxBytes)}`, maxBytes);
  if (walk.kind === "not_json") {
    const place = walk.path.length > 0 ? ` at ${pathText(walk.path)}` : "";
    throw new VaneError("result.not_json", `The result of ${taskId} is not JSON${place}: ${walk.why}.`);
  }
  const text = JSON.stringify(value);
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) throw tooBig(taskId, megabytes(bytes), maxBytes);
  return text;
}

const tooBig = (taskId: string, size: string, maxBytes: number) =>
  new VaneError(
    "result.too_big",
    `The result of ${taskId} is ${size} as JSON; the limit is ${megabytes(maxBytes)}. ` +
      "Store it (a table, a file) and return where it is.",
  );

const megabytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MB`;
