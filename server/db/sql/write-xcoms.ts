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

/** JSON goes in as text: jsonb refuses \\u0000, lone surrogates and 1e400000, all of which are JSON. */
const INSERT = `
  insert into xcom (run_key, task_id, map_index, key, value, reference, bytes)
  select * from unnest($1::bigint[], $2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::bigint[])
  on conflict (run_key, task_id, map_index, key)
  do update set value = excluded.value, reference = excluded.reference, bytes = excluded.bytes`;

export function writeXcoms(rows: readonly XcomRow[]): Statement<unknown> {
  return {
    name: "write_xcoms",
    text: INSERT,
    values: [
      rows.map(({ runKey }) => runKey),
      rows.map(({ taskId }) => taskId),
      rows.map(({ mapIndex }) => mapIndex),
      rows.map(({ key }) => key),
      rows.map(({ value }) => value),
      rows.map(({ reference }) => reference),
      rows.map(({ bytes }) => bytes),
    ],
    row: z.unknown(),
  };
}

/** What an earlier attempt left goes before the next one starts. */
const DELETE = `
  delete from xcom x using unnest($1::bigint[], $2::text[], $3::int[]) as w (run_key, task_id, map_index)
   where (x.run_key, x.task_id, x.map_index) = (w.run_key, w.task_id, w.map_index)`;

export function deleteXcoms(
  of: readonly { readonly runKey: RunKey; readonly taskId: TaskId; readonly mapIndex: number }[],
): Statement<unknown> {
  return {
    name: "delete_xcoms",
    text: DELETE,
    values: [
      of.map(({ runKey }) => runKey),
      of.map(({ taskId }) => taskId),
      of.map(({ mapIndex }) => mapIndex),
    ],
    row: z.unknown(),
  };
}
