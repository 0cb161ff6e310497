import { findDag } from "../db/queries/find-dag";
import { query } from "../db/sql/statement";
import { checkParams } from "../domain/params";
import type { Door, Waiting } from "./request-command";
import { requestTrigger, type TriggerRunArguments, type TriggerRunOutcome } from "./trigger-run";

/**
 * For a door behind which nobody has looked at the DAG yet. Its owner would answer the same; but there may be none just
 * now, and then a mistake would be accepted and found by nobody.
 */
export async function triggerChecked(
  door: Door,
  args: TriggerRunArguments,
): Promise<TriggerRunOutcome | Waiting> {
  const [dag] = await query(door.db, findDag(args.dagId));
  if (!dag?.active) return { kind: "dag_not_found" };
  const checked = checkParams(dag.structure.params, args.conf);
  if (!checked.ok) {
    const errors = checked.errors.map(({ path, message }) => ({ path: [...path], message }));
    return { kind: "invalid_params", errors };
  }
  return requestTrigger(door, args);
}
