import { z } from "zod";
import type { Statement } from "../sql/statement";

const row = z
  .object({ key: z.string(), updated_at: z.date(), updated_by: z.string() })
  .transform(({ key, updated_at, updated_by }) => ({ key, updatedAt: updated_at, updatedBy: updated_by }));
export type VariableListRow = z.infer<typeof row>;

/** Never with values. */
export function listVariables(): Statement<VariableListRow> {
  return {
    name: "list_variables",
    text: "select key, updated_at, updated_by from variable order by key",
    values: [],
    row,
  };
}
