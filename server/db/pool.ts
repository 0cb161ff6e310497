import { Client, Pool, types } from "pg";

/*
 * Every connection has limits of its own, so that neither a hung query nor a vanished host holds a lock for long
 * (ENGINE section 8). They are settings of the session on the server's side: `query_timeout` of node-postgres would
 * destroy the connection and conclude nothing.
 */
const SESSION = {
  statement_timeout: "5s",
  lock_timeout: "2s",
  idle_in_transaction_session_timeout: "5s",
  tcp_user_timeout: "10s",
  tcp_keepalives_idle: "5",
  tcp_keepalives_interval: "2",
  tcp_keepalives_count: "3",
  // The planner likes a new plan for each `unnest` better, since only then it knows how many rows come: at 0.3 to 1 ms a
  // statement, for the same nested loop over the primary key.
  plan_cache_mode: "force_generic_plan",
} as const;

/**
 * For statements that find their few rows by key. A generic plan is made once, often while a table is empty or has not been
 * analyzed, and then seems best as a hash join over all of it: it would stay so for as long as the connection lives.
 */
export const BY_KEY = { enable_hashjoin: "off", enable_mergejoin: "off", enable_seqscan: "off" } as const;

// int8 as a number: keys and epochs have 53 bits (ENGINE section 6).
types.setTypeParser(types.builtins.INT8, Number);

interface ConnectOptions {
  /** Shown by pg_stat_activity. */
  readonly name: string;
  /** Overrides of the session's limits, e.g. for a long read. */
  readonly session?: Partial<Record<keyof typeof SESSION | keyof typeof BY_KEY, string>>;
}

/** One pipelined connection. Its `error` event is answered here: a broken one shows at the next query. */
export async function connectClient(databaseUrl: string, options: ConnectOptions): Promise<Client> {
  const client = new Client(settings(databaseUrl, options));
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

export function openPool(databaseUrl: string, options: ConnectOptions & { readonly max: number }): Pool {
  const pool = new Pool({ ...settings(databaseUrl, options), max: options.max, idleTimeoutMillis: 10_000 });
  pool.on("error", () => undefined);
  return pool;
}

function settings(databaseUrl: string, { name, session }: ConnectOptions) {
  const merged = { ...SESSION, ...session };
  return {
    connectionString: databaseUrl,
    application_name: `vane ${name}`,
    pipeline: true,
    connectionTimeoutMillis: 5_000,
    options: Object.entries(merged)
      .map(([key, value]) => `-c ${key}=${value}`)
      .join(" "),
  };
}
