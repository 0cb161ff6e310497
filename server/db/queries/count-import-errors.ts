import { z } from "zod";
import type { Statement } from "../sql/statement";

const row = z.object({ errors: z.int() });

/** Files that do not load. */
export function countImportErrors(): Statement<z.infer<typeof row>> {
  return {
    name: "count_import_errors",
    text: "select count(*)::int as errors from import_error where severity = 'error'",
    values: [],
    row,
  };
}
