import { listVariables } from "../../db/queries/list-variables";
import { findVariable } from "../../db/sql/find-variable";
import { query } from "../../db/sql/statement";
import { VaneError } from "../../platform/errors";
import { environmentName } from "../../secrets/options";
import type { Running } from "../cli";
import { nearest } from "../nearest";

/** Where an attempt would find it: the name of an environment variable, or the database. */
export async function sourceOf({ db, system }: Running, key: string): Promise<{ variable?: string }> {
  const name = environmentName(key);
  if (system.environment.variables.includes(name)) return { variable: `VANE_VAR_${name}` };
  if ((await query(db, findVariable(key))).length > 0) return {};
  const known = (await query(db, listVariables())).map((other) => other.key);
  const meant = nearest(key, known);
  const hint = meant === undefined ? "`vane variables list` shows them all." : `Did you mean ${meant}?`;
  throw new VaneError("variable.not_found", `There is no variable ${key}. ${hint}`);
}
