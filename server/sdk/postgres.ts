import type { Client, Pool, PoolClient, PoolConfig } from "pg";
import type { ConnectionFacts } from "../executor/protocol";
import { VaneError } from "../platform/errors";

export type Transaction = boolean | "serializable" | "repeatable_read";

interface PostgresOptions {
  readonly connectionId: string;
  readonly facts: ConnectionFacts;
  /** Seen by whoever looks at pg_stat_activity. */
  readonly applicationName: string;
  readonly statementTimeoutMs: number | undefined;
}

/** @internal A pool for one call, closed whatever happens: also with clients that the function has not given back. */
export async function withPool<T>(options: PostgresOptions, use: (pool: Pool) => Promise<T>): Promise<T> {
  // Loaded on use: most tasks never open a database, and their runtime should not pay for it.
  const { Pool } = await import("pg");
  const pool = new Pool(configOf(options));
  const taken = new Set<PoolClient>();
  pool.on("acquire", (client) => taken.add(client));
  pool.on("release", (_error, client) => taken.delete(client));
  // A backend that dies while its client is idle would otherwise end the process.
  pool.on("error", () => undefined);
  nameConnection(pool, options.connectionId);
  try {
    return await use(pool);
  } finally {
    const ended = pool.end().catch(() => undefined);
    // It waits for every client to be given back, and a forgotten one never is: such a one is closed under its user.
    if (taken.size === 0) await ended;
    else await Promise.allSettled([...taken].map((client) => endClient(client)));
  }
}

type Connected = Parameters<Parameters<Pool["connect"]>[0]>;

/** Whoever cannot connect, be it in `pool.query`, reads which connection that was. The function calls it when it likes. */
function nameConnection(pool: Pool, id: string) {
  const connect = pool.connect.bind(pool);
  const named = (cause: unknown) => {
    const { message, code } = cause as NodeJS.ErrnoException;
    const why = message || code; // of several addresses that were tried only the code says something
    const sentence = `The connection ${id} cannot be used: ${why}. Try it with \`npx vane connections test ${id}\`.`;
    return new Error(sentence, { cause });
  };
  const connectNamed = (then?: (...answer: Connected) => void) => {
    if (!then) {
      return connect().catch((error: unknown) => {
        throw named(error);
      });
    }
    connect((error, ...rest) => {
      then(error && named(error), ...rest);
    });
    return undefined;
  };
  pool.connect = connectNamed as Pool["connect"]; // both of its forms
}

const endClient = (client: PoolClient) => (client as unknown as Client).end(); // a pool's client is a Client

/** @internal One client in a transaction: commit, or rollback on a throw. */
export async function withTransaction<T>(
  options: PostgresOptions,
  transaction: Exclude<Transaction, false>,
  use: (client: PoolClient) => Promise<T>,
): Promise<T> {
  return withPool(options, async (pool) => {
    const client = await pool.connect();
    // A client's own error while nothing is asked of it; the next statement says it again.
    client.on("error", () => undefined);
    await client.query(BEGIN[String(transaction)] ?? "begin");
    try {
      const result = await use(client);
      const { command } = await client.query("commit");
      if (command !== "COMMIT") throw rolledBack();
      return result;
    } catch (error) {
      // The first error is the one that matters; without a connection the server rolls back by itself.
      await client.query("rollback").catch(() => undefined);
      throw error;
    }
  });
}

const BEGIN: Readonly<Record<string, string>> = {
  true: "begin",
  serializable: "begin isolation level serializable",
  repeatable_read: "begin isolation level repeatable read",
};

/** After an error inside, COMMIT does not fail: Postgres answers it with ROLLBACK. */
const rolledBack = () =>
  new VaneError(
    "domain.rolled_back",
    "The transaction was rolled back: a statement in it failed, and the function went on. Let the error out, " +
      "or use a savepoint around what may fail.",
  );

function configOf({ connectionId, facts, applicationName, statementTimeoutMs }: PostgresOptions): PoolConfig {
  if (facts.kind !== "postgres") {
    throw new VaneError(
      "connection.wrong_kind",
      `Connection ${connectionId} is of kind ${facts.kind}; postgres is needed. Change it with: vane connections add.`,
    );
  }
  return {
    connectionString: urlOf(facts),
    application_name: applicationName.slice(0, 63),
    connectionTimeoutMillis: 30_000,
    ...(statementTimeoutMs !== undefined && { statement_timeout: statementTimeoutMs }),
  };
}

/** The URL may or may not hold the password already. */
function urlOf({ url: text, host, port, login, schema, secrets }: ConnectionFacts): string {
  const url = new URL(text === "" ? "postgres://localhost" : text);
  if (text === "") {
    if (host !== null) url.hostname = host;
    if (port !== null) url.port = String(port);
    if (schema !== null) url.pathname = `/${encodeURIComponent(schema)}`;
  }
  if (url.username === "" && login !== null) url.username = encodeURIComponent(login);
  const { password } = secrets;
  if (url.password === "" && password !== undefined) url.password = encodeURIComponent(password);
  return url.href;
}
