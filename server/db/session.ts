import type { Client } from "pg";
import type { Clock } from "../platform/clock";
import { query, type Statement } from "./sql/statement";

/** One connection that comes back by itself: for reads, and for what other processes notify. */
export interface Session {
  /** Rejects while the database is away; who asks tries again when told that it is back. */
  query<Row>(statement: Statement<Row>): Promise<Row[]>;
  stop(): Promise<void>;
}

interface Dependencies {
  readonly connect: () => Promise<Client>;
  readonly clock: Clock;
  readonly channels: readonly string[];
  readonly onNotification: (channel: string, payload: string) => void;
  /** After each connect: whatever was notified meanwhile was missed, so everything open is to be read again. */
  readonly onConnected: () => void;
}

const ANSWER_MS = 6_000;

export function openSession(dependencies: Dependencies): Session {
  const { connect, clock, channels, onNotification, onConnected } = dependencies;
  let stopped = false;
  let failures = 0;
  let client: Client | undefined;
  let callOff = () => {};

  async function open() {
    const opened = await connect().catch(() => undefined);
    if (!opened) {
      again();
      return;
    }
    opened.on("notification", ({ channel, payload }) => {
      onNotification(channel, payload ?? "");
    });
    opened.on("end", () => {
      if (client === opened) client = undefined;
      again();
    });
    try {
      for (const channel of channels) await answered(opened, opened.query(`listen ${channel}`));
    } catch {
      return void opened.end().catch(() => undefined);
    }
    if (stopped) return void opened.end().catch(() => undefined);
    failures = 0;
    client = opened;
    onConnected();
  }

  /** The server gives up after 5 s; an answer that is later than that has lost its way, and the connection with it. */
  function answered<T>(asked: Client, answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const hangUp = clock.wakeAfter(ANSWER_MS, () => {
        reject(new Error(`no answer from the database within ${ANSWER_MS} ms`));
        asked.connection.stream.destroy();
      });
      answer.then(resolve, reject).finally(hangUp);
    });
  }

  function again() {
    if (stopped) return;
    callOff();
    callOff = clock.wakeAfter(Math.min(50 * 2 ** failures, 1_000), () => void open());
    failures += 1;
  }

  void open();
  return {
    async query(statement) {
      if (!client) throw new Error("not connected to the database");
      return answered(client, query(client, statement));
    },
    async stop() {
      stopped = true;
      callOff();
      const last = client;
      client = undefined;
      await last?.end().catch(() => undefined);
    },
  };
}
