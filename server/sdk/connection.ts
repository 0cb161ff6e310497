import { VaneError } from "../platform/errors";
import type { ConnectionFacts } from "../executor/protocol";
import type { Json } from "../domain/serialized-dag";

export type ConnectionKind = "postgres" | "http" | "telegram" | "generic";

export interface Connection<K extends string = string> {
  readonly kind: K;
  readonly url: string;
  readonly host?: string;
  readonly port?: number;
  readonly login?: string;
  readonly schema?: string;
  readonly extra: { readonly [key: string]: Json };
  /** Default "password". Whatever it returns is masked in logs. */
  secret(name?: string): string;
}

/** @internal */
export function connectionOf(id: string, facts: ConnectionFacts): Connection {
  const { kind, url, host, port, login, schema, extra, secrets } = facts;
  return {
    ...{ kind, url, extra },
    ...(host !== null && { host }),
    ...(port !== null && { port }),
    ...(login !== null && { login }),
    ...(schema !== null && { schema }),
    secret(name = "password") {
      const secret = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
      if (secret !== undefined) return secret;
      const known = Object.keys(secrets).join(", ") || "none";
      throw new VaneError(
        "connection.secret_missing",
        `Connection ${id} has no secret ${name}. It has: ${known}.`,
      );
    },
  };
}

/** @internal */
export function expectKind<K extends string>(id: string, connection: Connection, kind: K): Connection<K> {
  if (isOfKind(connection, kind)) return connection;
  throw new VaneError(
    "connection.wrong_kind",
    `Connection ${id} is of kind ${connection.kind}; ${kind} is needed. Change it with: vane connections add.`,
  );
}

const isOfKind = <K extends string>(connection: Connection, kind: K): connection is Connection<K> =>
  connection.kind === kind;
