import { findConnection, type ConnectionRow } from "../../db/sql/find-connection";
import { listConnections } from "../../db/queries/list-connections";
import { query } from "../../db/sql/statement";
import { VaneError } from "../../platform/errors";
import { environmentName } from "../../secrets/options";
import type { Running } from "../cli";
import { nearest } from "../nearest";

export type Found =
  /** What the variable says, the running system's scheduler knows. */
  | { readonly source: "environment"; readonly id: string; readonly variable: string }
  | { readonly source: "database"; readonly row: ConnectionRow };

/** As an attempt would find it. */
export async function connectionOf({ db, system }: Running, id: string): Promise<Found> {
  const name = environmentName(id);
  if (system.environment.connections.includes(name)) {
    return { source: "environment", id, variable: `VANE_CONN_${name}` };
  }
  const [row] = await query(db, findConnection(id));
  if (row) return { source: "database", row };
  const known = (await query(db, listConnections())).map((other) => other.id);
  const meant = nearest(id, known);
  const hint = meant === undefined ? "`vane connections list` shows them all." : `Did you mean ${meant}?`;
  throw new VaneError("connection.not_found", `There is no connection ${id}. ${hint}`);
}

export const readOnly = (what: string, variable: string) =>
  new VaneError(
    "command.conflict",
    `${what} comes from ${variable} in the environment of the running Vane, which goes before the database. ` +
      "Change it there and start Vane anew.",
  );

/** A variable's name gives no id back; this is the one that most would ask for. */
export const idOf = (name: string) => name.toLowerCase();
