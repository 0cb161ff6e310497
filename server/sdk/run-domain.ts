import type { Pool, PoolClient } from "pg";
import { VaneError } from "../platform/errors";
import { connectionOf, type Connection } from "./connection";
import { currentHost } from "./context";
import { durationMs, noDuration, type Duration } from "./duration";
import type { JsonOf } from "./json";
import { loadError, placeOf } from "./place";
import { withPool, withTransaction, type Transaction } from "./postgres";
import { defineTask, type Task } from "./task";
import type { TaskOptions } from "./task-settings";

export interface DomainOptions<Db> {
  /** Connection id; default "postgres_default". */
  connection?: string;
  /** One client, begin ... commit, rollback on a throw. The function gets the client. */
  transaction?: Transaction;
  statementTimeout?: Duration;
  /** Another driver than pg. */
  open?: (connection: Connection) => Db | Promise<Db>;
  close?: (db: Db) => unknown;
}

/** The exports that can be given a Db first. (Types are gone at run time, so the database always goes first.) */
type DomainNames<M, Db> = {
  [K in keyof M]: M[K] extends (...inputs: never[]) => unknown
    ? M[K] extends (db: Db, ...inputs: infer _) => unknown
      ? K
      : never
    : never;
}[keyof M];
type DomainArgs<F> = F extends (db: never, ...inputs: infer A) => unknown ? A : never;
type DomainResult<F> = F extends (...inputs: never[]) => infer R ? Awaited<R> : never;
type JsonResult<T> = T extends JsonOf<T> ? T : JsonOf<T>;

export interface RunDomain<Db> {
  /** Calls the function that the API calls, with a database opened for it and closed whatever happens. */
  <M, K extends DomainNames<M, Db>>(
    load: () => Promise<M>,
    fn: K,
    ...inputs: DomainArgs<M[K]>
  ): Promise<DomainResult<M[K]>>;
  /** The same as a task of its own. The export's name is not the id. */
  task<M, K extends DomainNames<M, Db>>(
    options: string | TaskOptions,
    load: () => Promise<M>,
    fn: K,
  ): Task<DomainArgs<M[K]>, JsonResult<DomainResult<M[K]>>>;
  // `any`: whatever database `open` returns.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  using<O extends DomainOptions<any>>(options: O): RunDomain<DbOf<O>>;
}

type DbOf<O> = O extends { open: (connection: Connection) => infer D }
  ? Awaited<D>
  : O extends { transaction: true | string }
    ? PoolClient
    : Pool;

/** Calls functions of your domain, which know nothing of Vane, with a database from a connection. */
export const runDomain: RunDomain<Pool> = bridge({});

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as in `using`
function bridge<Db>(options: DomainOptions<any>): RunDomain<Db> {
  const call = (load: () => Promise<object>, fn: PropertyKey, ...inputs: unknown[]) =>
    withDatabase(options, async (db) => {
      const domainFunction = pick(await load(), String(fn));
      return domainFunction(db, ...inputs);
    });
  const asTask = (taskOptions: string | TaskOptions, load: () => Promise<object>, fn: PropertyKey) =>
    defineTask(taskOptions, (...inputs: unknown[]) => call(load, fn, ...inputs), placeOf(asTask));
  const using = (more: DomainOptions<unknown>) => {
    const { statementTimeout } = more;
    if (statementTimeout !== undefined && durationMs(statementTimeout) === undefined) {
      const sentence = `runDomain.using, statementTimeout: ${noDuration(statementTimeout)}`;
      throw loadError("duration.invalid", sentence, placeOf(using));
    }
    return bridge({ ...options, ...more });
  };
  // What the types promise of names, arguments and results is taken from the module's own type, which is gone here.
  return Object.assign(call, { task: asTask, using }) as unknown as RunDomain<Db>;
}

async function withDatabase<T>(
  options: DomainOptions<unknown>,
  use: (db: unknown) => Promise<T>,
): Promise<T> {
  const { connection: connectionId = "postgres_default", transaction = false, statementTimeout } = options;
  const host = currentHost("runDomain()");
  const facts = await host.connection(connectionId);
  if (options.open) {
    const db = await options.open(connectionOf(connectionId, facts));
    try {
      return await use(db);
    } finally {
      await options.close?.(db);
    }
  }
  const postgres = {
    ...{ connectionId, facts, statementTimeoutMs: durationMs(statementTimeout) },
    applicationName: `vane ${host.dagId} ${host.taskId}`,
  };
  return transaction === false ? withPool(postgres, use) : withTransaction(postgres, transaction, use);
}

function pick(module: object, name: string): (...inputs: unknown[]) => unknown {
  const found: unknown = Reflect.get(module, name);
  if (typeof found === "function") return found as (...inputs: unknown[]) => unknown;
  const functions = Object.entries(module).flatMap(([key, value]) =>
    typeof value === "function" ? [key] : [],
  );
  throw new VaneError(
    "domain.no_function",
    `The module given to runDomain exports no function ${name}. It has: ${functions.join(", ") || "none"}.`,
  );
}
