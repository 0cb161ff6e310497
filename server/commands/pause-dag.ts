import { z } from "zod";
import { setPaused } from "../db/sql/set-paused";
import { query } from "../db/sql/statement";
import { DagId } from "../domain/ids";
import { CommandKey, type Door } from "./request-command";

/** On a setting, not on a run: one transaction of the door's own, true at once whether or not a scheduler lives. */
export const PauseDagArguments = z.strictObject({
  dagId: DagId,
  paused: z.boolean(),
  idempotencyKey: CommandKey,
});
export type PauseDagArguments = z.infer<typeof PauseDagArguments>;

export const PauseDagOutcome = z.strictObject({ kind: z.enum(["changed", "unchanged", "dag_not_found"]) });
export type PauseDagOutcome = z.infer<typeof PauseDagOutcome>;

export async function pauseDag(
  { db, ...by }: Pick<Door, "db" | "principal" | "address">,
  { dagId, paused, idempotencyKey }: PauseDagArguments,
): Promise<PauseDagOutcome> {
  const [dag] = await query(db, setPaused({ dagId, paused, by, key: idempotencyKey }));
  if (!dag) return { kind: "dag_not_found" };
  return { kind: dag.wasPaused === paused ? "unchanged" : "changed" };
}
