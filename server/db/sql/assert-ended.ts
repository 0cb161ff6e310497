import { z } from "zod";
import type { RunKey } from "../../domain/ids";
import type { Statement } from "./statement";

/** A run that this flush ends must have no open task left: the last line between a wrong counter and a wrong state. */
export function assertEnded(runKeys: readonly RunKey[]): Statement<unknown> {
  return {
    name: "assert_ended",
    text: "select vane_assert_ended($1)",
    values: [JSON.stringify(runKeys)],
    row: z.unknown(),
  };
}
