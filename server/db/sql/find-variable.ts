import { z } from "zod";
import type { Statement } from "./statement";

/** `value` is a ciphertext. */
const row = z.object({ value: z.string() });

export function findVariable(key: string): Statement<z.infer<typeof row>> {
  return { name: "find_variable", text: "select value from variable where key = $1", values: [key], row };
}
