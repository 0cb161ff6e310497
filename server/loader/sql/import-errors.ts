import { z } from "zod";
import type { Statement } from "../../db/sql/statement";

export interface ImportErrorRow {
  readonly file: string;
  /** A warning: the file's DAGs are loaded, and something about them is not as it was meant. */
  readonly severity: "error" | "warning";
  readonly code: string;
  readonly sentence: string;
  readonly line: number | null;
  readonly col: number | null;
  readonly frame: string | null;
  readonly stack: string | null;
  readonly dagIds: readonly string[];
}

/** `seen_at` stays while the error does, so that it says since when the file is broken. */
const PUT = `
  insert into import_error as e (file, code, sentence, line, col, frame, stack, dag_ids, severity)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  on conflict (file) do update
     set code = excluded.code, sentence = excluded.sentence, line = excluded.line, col = excluded.col,
         frame = excluded.frame, stack = excluded.stack, dag_ids = excluded.dag_ids,
         severity = excluded.severity,
         seen_at = case when e.sentence = excluded.sentence then e.seen_at else now() end`;

export function putImportError(error: ImportErrorRow): Statement<unknown> {
  const { file, severity, code, sentence, line, col, frame, stack, dagIds } = error;
  return {
    name: "put_import_error",
    text: PUT,
    values: [file, code, sentence, line, col, frame, stack, dagIds, severity],
    row: z.unknown(),
  };
}

export function dropImportErrors(files: readonly string[]): Statement<unknown> {
  return {
    name: "drop_import_errors",
    text: "delete from import_error where file = any($1)",
    values: [files],
    row: z.unknown(),
  };
}
