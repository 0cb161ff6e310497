import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Json } from "../domain/serialized-dag";
import type { ValueRef } from "../executor/protocol";

/** Larger values travel as files, not as messages. */
const MAX_INLINE_BYTES = 64 * 1024;

/** References are paths by the time a runtime sees them. */
export function readValue(value: ValueRef | undefined): Json | undefined {
  if (value === undefined || "none" in value) return undefined;
  const text = "json" in value ? value.json : readFileSync(value.reference, "utf8");
  return JSON.parse(text) as Json;
}

/** @param file where it goes if it is too big to be a message. */
export function writeValue(text: string | undefined, file: string): ValueRef {
  if (text === undefined) return { none: true };
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_INLINE_BYTES) return { json: text };
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, text, { mode: 0o600 });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const sentence = `A result of ${bytes} bytes could not be written to ${file}: ${why}. Make room there, then clear the task.`;
    throw new Error(sentence, { cause });
  }
  return { reference: file, bytes };
}
