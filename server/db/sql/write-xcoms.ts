import { z } from "zod";
import type { RunKey, TaskId } from "../../domain/ids";
import type { Statement } from "./statement";

export interface XcomRow {
  readonly runKey: RunKey;
  readonly taskId: TaskId;
  readonly mapIndex: number;
  readonly key: string;
  /** JSON text; null when it lies in the object store. */
  readonly value: string | null;
  readonly reference: string | null;
  readonly bytes: number;
}

export function writeXcoms(rows: readonly XcomRow[]): Statement<unknown> {
  return {
    name: "write_xcoms",
    text: "select vane_write_xcoms($1)",
    values: [
      JSON.stringify(
        rows.map(({ value, reference, bytes, ...of }) => ({
          ...keyOf(of),
          key: of.key,
          value,
          reference,
          bytes,
        })),
      ),
    ],
    row: z.unknown(),
  };
}

type OfTask = Pick<XcomRow, "runKey" | "taskId" | "mapIndex">;

/** What an earlier attempt left goes before the next one starts. */
export function deleteXcoms(of: readonly OfTask[]): Statement<unknown> {
  return {
    name: "delete_xcoms",
    text: "select vane_delete_xcoms($1)",
    values: [JSON.stringify(of.map(keyOf))],
    row: z.unknown(),
  };
}

const keyOf = ({ runKey, taskId, mapIndex }: OfTask) => ({
  run_key: runKey,
  task_id: taskId,
  map_index: mapIndex,
});
