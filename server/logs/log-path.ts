import { createHash } from "node:crypto";
import path from "node:path";
import type { DagId, RunId, TaskId } from "../domain/ids";

export interface RunOfLog {
  readonly dagId: DagId;
  readonly runId: RunId;
}

/** An attempt, or what a run's own callbacks and the check of its params say. */
export type LogKey =
  | (RunOfLog & { readonly taskId: TaskId; readonly mapIndex: number; readonly attempt: number })
  | (RunOfLog & { readonly name: "callbacks" | "params" });

/**
 * Derived from the key alone, so that no row has to remember it. All files of a run lie in its folder: a folder a task costs
 * three times what its file does (ADR 0010). The comma is in no encoded id.
 */
export function logPath(root: string, key: LogKey): string {
  return path.join(runFolder(root, key), fileName(key));
}

/** All logs of a run. */
export const runFolder = (root: string, { dagId, runId }: RunOfLog): string =>
  path.join(root, segment("dag_id", dagId), segment("run_id", runId));

function fileName(key: LogKey): string {
  if ("name" in key) return `${key.name}.log`;
  const instance = key.mapIndex < 0 ? "" : `,map_index=${key.mapIndex}`;
  return `${segment("task_id", key.taskId)}${instance},attempt=${key.attempt}.log`;
}

/** File systems take 255 bytes, of which the rest of a file's name needs some 40. */
const MAX_BYTES = 200;
const HASH_LENGTH = 16;

function segment(name: string, value: string): string {
  const text = `${name}=${encodeURIComponent(value)}`;
  if (text.length <= MAX_BYTES) return text;
  const hash = createHash("sha256").update(value).digest("hex").slice(0, HASH_LENGTH);
  return `${text.slice(0, MAX_BYTES - HASH_LENGTH - 1)}~${hash}`;
}
