import { z } from "zod";
import { DagId } from "../../domain/ids";
import type { Statement } from "../sql/statement";

const TEXT = `
  select file, code, sentence, line, col, frame, stack, dag_ids, seen_at, severity
    from import_error order by severity, file`;

const row = z
  .object({
    file: z.string(),
    code: z.string(),
    sentence: z.string(),
    line: z.int().nullable(),
    col: z.int().nullable(),
    frame: z.string().nullable(),
    stack: z.string().nullable(),
    dag_ids: z.array(DagId),
    seen_at: z.date(),
    severity: z.enum(["error", "warning"]),
  })
  .transform(({ col, dag_ids, seen_at, ...error }) => ({
    ...error,
    column: col,
    dagIds: dag_ids,
    seenAt: seen_at,
  }));
export type ImportErrorRow = z.infer<typeof row>;

/** Files that could not be loaded, and why; then those that were and are not as they were meant. */
export function listImportErrors(): Statement<ImportErrorRow> {
  return { name: "list_import_errors", text: TEXT, values: [], row };
}
