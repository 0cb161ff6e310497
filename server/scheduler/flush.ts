import { DatabaseError, type Client } from "pg";
import { z } from "zod";
import type { ProcessId } from "../domain/ids";
import { fence, fenceVerdict } from "../db/sql/fence";
import { flushCall } from "../db/sql/flush-call";
import type { Statement } from "../db/sql/statement";
import { call, transaction, type RowsOf, type TransactionOutcome } from "../db/transaction";
import type { Clock } from "../platform/clock";
import type { Log } from "../platform/log";

/*
 *   statements --> [fence, ...statements] --commit--> committed
 *                      ^        |  |  '--- VN001: deposed
 *                      |        |  '------ row count, data: refused, nothing of it happened (nor will: lastWord)
 *                      '--------'
 *      no answer, or the service is in trouble: the same flush, byte for byte, under the same seq
 */

export type FlushOutcome<Rows> =
  | { readonly kind: "committed"; readonly rows: Rows }
  /** Committed by an earlier try whose answer was lost; what it returned must be read again. */
  | { readonly kind: "committed_before" }
  | { readonly kind: "deposed" }
  | { readonly kind: "refused"; readonly cause: unknown };

export interface Flusher {
  /** One at a time. Resolves when it is known what became of it, however long the database is away. */
  commit<const S extends readonly Statement<unknown>[]>(statements: S): Promise<FlushOutcome<RowsOf<S>>>;
  /** Reads of one moment, between two flushes. Rejects while the database is away. */
  snapshot<const S extends readonly Statement<unknown>[]>(statements: S): Promise<RowsOf<S>>;
  /** The highest seq whose outcome is known. */
  acknowledgedSeq(): number;
  /** Monotonic time of the last commit: who has none for long deposes nobody and claims nothing. */
  lastCommitMs(): number;
  stop(): Promise<void>;
}

interface Dependencies {
  readonly processId: ProcessId;
  readonly connect: () => Promise<Client>;
  readonly clock: Clock;
  readonly log: Log;
  /** Each commit brings the database's time along. */
  readonly onTime: (databaseTime: Date, roundTripMs: number) => void;
  readonly timeoutMs?: number;
}

const ONE_MOMENT: Statement<unknown> = {
  name: "one_moment",
  text: "set transaction isolation level repeatable read, read only",
  values: [],
  row: z.unknown(),
};

/** A statement that this connection takes for prepared is not: another one prepares it. */
const UNPREPARED = "26000";
/** 40: serialization and deadlock, 53: resources, 57: going down, 08: connection; then lock timeout, read-only. */
const SERVICE_TROUBLE = /^(08|40|53|57|55P03|25006|26000)/;

export function flusher(dependencies: Dependencies): Flusher {
  const { processId, connect, clock, log, onTime, timeoutMs = 5_000 } = dependencies;
  let client: Client | undefined;
  let seq = 0;
  let acknowledged = 0;
  let lastCommitMs = clock.monotonicMs();
  let stopped = false;

  async function commit<const S extends readonly Statement<unknown>[]>(
    statements: S,
  ): Promise<FlushOutcome<RowsOf<S>>> {
    seq += 1;
    const frozen = freeze(processId, seq, statements);
    const { outcome, tries } = await persistently(frozen);
    const known = outcome.kind === "refused" && tries > 1 ? await lastWord(outcome.cause) : outcome;
    acknowledged = seq;
    return known as FlushOutcome<RowsOf<S>>;
  }

  async function persistently(frozen: Frozen) {
    for (let tries = 1; ; tries += 1) {
      if (tries > 1) await pause(clock, Math.min(50 * 2 ** (tries - 2), 1_000));
      if (stopped) return { outcome: { kind: "deposed" as const }, tries };
      const outcome = await attempt(frozen).catch((error: unknown) => ({
        kind: "again" as const,
        cause: error,
      }));
      if (outcome.kind !== "again") return { outcome, tries };
      log.warn(
        { seq, tries, error: String(outcome.cause) },
        "The database did not answer; sending the flush again",
      );
    }
  }

  /**
   * An earlier try may still be committed by a backend that nobody hears, since what it is refused for may be gone by then.
   * So its seq is taken: by a flush of nothing, or, as this finds out, by itself. Which of the two it was cannot be told
   * when the flush of nothing is in doubt as well: then this process knows nothing for sure and begins anew.
   */
  async function lastWord(cause: unknown) {
    const { outcome, tries } = await persistently(freeze(processId, seq, []));
    if (outcome.kind === "committed") return { kind: "refused" as const, cause };
    return outcome.kind === "committed_before" && tries === 1 ? outcome : { kind: "deposed" as const };
  }

  async function snapshot<const S extends readonly Statement<unknown>[]>(statements: S): Promise<RowsOf<S>> {
    client ??= await connect();
    const outcome = await withTimeout(transaction(client, [ONE_MOMENT, ...statements]));
    if (outcome.kind !== "committed") {
      drop();
      throw outcome.cause;
    }
    const [, ...rows] = outcome.rows;
    return rows; // index for index, behind the first
  }

  async function attempt(frozen: Frozen) {
    client ??= await connect();
    const sentMs = clock.monotonicMs();
    const outcome = await withTimeout(frozen(client));
    switch (outcome.kind) {
      case "committed": {
        const [[time], ...rows] = outcome.rows; // of a call none, and nobody asks for them
        lastCommitMs = clock.monotonicMs();
        if (time) onTime(time.now, lastCommitMs - sentMs);
        return { kind: "committed" as const, rows };
      }
      case "in_doubt":
        drop();
        return { kind: "again" as const, cause: outcome.cause };
      case "rolled_back":
        return judge(outcome.cause);
    }
  }

  async function judge(cause: unknown) {
    const verdict = fenceVerdict(cause);
    if (verdict === "deposed") return { kind: "deposed" as const };
    if (verdict === "already_committed") {
      lastCommitMs = clock.monotonicMs();
      return { kind: "committed_before" as const };
    }
    if (cause instanceof DatabaseError) {
      const again = SERVICE_TROUBLE.test(cause.code ?? "");
      if (cause.code === UNPREPARED) drop();
      return { kind: again ? ("again" as const) : ("refused" as const), cause };
    }
    // Not Postgres's word: either a value of ours could not be encoded, or the connection broke.
    const alive = await withTimeout(
      client?.query("select 1") ?? Promise.reject(new Error("no connection")),
    ).then(
      () => true,
      () => false,
    );
    // node-postgres has closed the statement whose values could not be encoded, and still takes it for prepared.
    drop();
    return { kind: alive ? ("refused" as const) : ("again" as const), cause };
  }

  /** A backend that does not answer may still commit: its socket is closed, the flush sent again over a new one. */
  function withTimeout<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const callOff = clock.wakeAfter(timeoutMs, () => {
        drop();
        reject(new Error(`no answer from the database within ${timeoutMs} ms`));
      });
      work.then(resolve, reject).finally(callOff);
    });
  }

  function drop() {
    const broken = client;
    client = undefined;
    void broken?.end().catch(() => undefined);
    broken?.connection.stream.destroy();
  }

  return {
    commit,
    snapshot,
    acknowledgedSeq: () => acknowledged,
    lastCommitMs: () => lastCommitMs,
    async stop() {
      stopped = true;
      const last = client;
      client = undefined;
      await last?.end().catch(() => undefined);
    },
  };
}

/** Sends the same again, byte for byte, as often as it is asked. The first rows that come back are the database's time. */
type Frozen = (
  client: Client,
) => Promise<TransactionOutcome<readonly [readonly { readonly now: Date }[], ...(readonly unknown[])[]]>>;

function freeze(processId: ProcessId, seq: number, statements: readonly Statement<unknown>[]): Frozen {
  const whole = flushCall(processId, seq, statements);
  if (whole) return (client) => call(client, whole);
  const fenced = [fence(processId, seq), ...statements] as const;
  return (client) => transaction(client, fenced);
}

const pause = (clock: Clock, ms: number) => new Promise<void>((resolve) => void clock.wakeAfter(ms, resolve));
