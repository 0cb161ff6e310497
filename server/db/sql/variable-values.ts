import { z } from "zod";
import type { Statement } from "./statement";

const row = z.object({ id: z.string(), text: z.string() });
const changed = z.object({ id: z.string() });

/** Ciphertexts, a slice at a time, in the order of their keys. */
export function variableValues(afterKey: string): Statement<z.infer<typeof row>> {
  return {
    name: "variable_values",
    text: "select key as id, value as text from variable where key > $1 order by key limit 100",
    values: [afterKey],
    row,
  };
}

/** No row: somebody has written it meanwhile. */
export function replaceVariableValue(
  key: string,
  before: string,
  after: string,
): Statement<z.infer<typeof changed>> {
  return {
    name: "replace_variable_value",
    text: "update variable set value = $3 where key = $1 and value = $2 returning key as id",
    values: [key, before, after],
    row: changed,
  };
}
