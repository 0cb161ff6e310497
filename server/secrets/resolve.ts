import { z } from "zod";
import { factsOf, type ConnectionFacts, type ConnectionParts } from "../domain/connection";
import { findConnection, type ConnectionRow } from "../db/sql/find-connection";
import { findVariable } from "../db/sql/find-variable";
import type { Statement } from "../db/sql/statement";
import { decrypt, type Place } from "./encryption";
import type { KeyRing } from "./key-ring";
import { environmentName, SecretId, type SecretOptions } from "./options";
import { parseConnection } from "./parse-connection";
import { ofConnection, ofVariable } from "./places";

export interface SecretSources extends SecretOptions {
  /** Rejects while the database is away. */
  readonly ask: <Row>(statement: Statement<Row>) => Promise<Row[]>;
}

/** Why there is nothing, in a sentence that says what to do. */
export interface Refused {
  readonly refused: string;
}

/** The environment goes before the database. */
export async function resolveConnection(
  { keys, environment, ask }: SecretSources,
  id: string,
): Promise<ConnectionFacts | Refused> {
  if (!SecretId.safeParse(id).success) return { refused: noId("a connection", id) };
  const name = environmentName(id);
  const given = at(environment.connections, name);
  if (given !== undefined) {
    const parsed = parseConnection(given);
    if (parsed.kind === "parsed") return factsOf(parsed.parts);
    return { refused: `VANE_CONN_${name} in Vane's environment is wrong: ${parsed.why}` };
  }
  const [row] = await ask(findConnection(id));
  if (row) {
    const parts = openConnection(keys, row);
    return "refused" in parts ? parts : factsOf(parts);
  }
  return {
    refused:
      `There is no connection ${id}. Add it with \`npx vane connections add ${id}\`, ` +
      `or set VANE_CONN_${name} in Vane's environment and start Vane anew.`,
  };
}

export async function resolveVariable(
  { keys, environment, ask }: SecretSources,
  key: string,
): Promise<{ value: string } | Refused> {
  if (!SecretId.safeParse(key).success) return { refused: noId("a variable", key) };
  const name = environmentName(key);
  const given = at(environment.variables, name);
  if (given !== undefined) return { value: given };
  const [row] = await ask(findVariable(key));
  if (row) {
    const opened = open(keys, ofVariable(key), row.value, `Variable ${key}`, `variables set ${key} VALUE`);
    return "refused" in opened ? opened : { value: opened.text };
  }
  return {
    refused:
      `There is no variable ${key}. Set it with \`npx vane variables set ${key} VALUE\`, ` +
      `or set VANE_VAR_${name} in Vane's environment and start Vane anew.`,
  };
}

const Secrets = z.record(z.string(), z.string());

export function openConnection(keys: KeyRing, row: ConnectionRow): ConnectionParts | Refused {
  const { secrets, ...parts } = row;
  const opened = open(
    keys,
    ofConnection(row.id),
    secrets,
    `Connection ${row.id}`,
    `connections add ${row.id}`,
  );
  if ("refused" in opened) return opened;
  const { kind, host, port, login, schema, extra } = parts;
  return { kind, host, port, login, schema, extra, secrets: Secrets.parse(JSON.parse(opened.text)) };
}

function open(keys: KeyRing, place: Place, ciphertext: string, what: string, command: string) {
  const opened = decrypt(keys, place, ciphertext);
  switch (opened.kind) {
    case "decrypted":
      return opened;
    case "unknown_key":
      return {
        refused:
          `${what} was encrypted with the key ${opened.key}, which this Vane does not have. ` +
          `Put that key back into .vane/key.json and start Vane anew, or enter it again: \`npx vane ${command}\`.`,
      };
    case "damaged":
      return {
        refused: `${what} cannot be decrypted: its row was changed. Enter it again: \`npx vane ${command}\`.`,
      };
  }
}

const at = (from: Readonly<Record<string, string>>, name: string) =>
  Object.hasOwn(from, name) ? from[name] : undefined;

const noId = (what: string, given: string) =>
  `${JSON.stringify(given.slice(0, 100))} is no name of ${what}: it has letters, digits, _, - and . only, 200 at most.`;
