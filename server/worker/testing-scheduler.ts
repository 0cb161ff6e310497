import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { DagId, ProcessId } from "../domain/ids";
import { FromWorker, type FromScheduler, type Report, type WorkItem } from "../executor/protocol";
import { helloHmac } from "../executor/hello-hmac";

type Type = FromWorker["type"];
type OfType<T extends Type> = Extract<FromWorker, { type: T }>;

type Bundle = Extract<FromScheduler, { type: "bundle" }>["found"];

interface Waiting {
  readonly wanted: (message: FromWorker) => boolean;
  readonly resolve: (message: FromWorker) => void;
}

export interface TestScheduler {
  readonly welcome: OfType<"welcome">;
  /** What it says to hold in its answers to pings; change it as you like. */
  readonly holds: Map<string, number>;
  /** False: pings stay unanswered. */
  answers: boolean;
  lastPing: number;
  send(message: FromScheduler): void;
  dispatch(...items: WorkItem[]): void;
  ack(report: Report): void;
  /** The next message of that type that was not asked for yet. */
  next<T extends Type>(type: T): Promise<OfType<T>>;
  /** The report about that exec, acknowledged unless told otherwise. */
  report(exec: string, acknowledge?: boolean): Promise<Report>;
  /** All that came and was not asked for. */
  readonly unread: readonly FromWorker[];
  readonly closed: Promise<unknown>;
  close(): void;
}

/** A scheduler's side of the socket, without a database: what it is to hold and to dispatch is the test's word. */
export async function joinWorker(
  file: string,
  installKey: string,
  holds: Readonly<Record<string, number>>,
  bundleOf: (hash: string) => Bundle,
): Promise<TestScheduler> {
  const process = ProcessId.parse(randomUUID());
  const socket = connect(file);
  const closed = once(socket, "close");
  socket.on("error", () => undefined);
  let unread: FromWorker[] = [];
  let waiting: Waiting[] = [];

  const write = (message: FromScheduler) => {
    if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
  };
  const nextOf = (wanted: Waiting["wanted"]) =>
    new Promise<FromWorker>((resolve) => {
      const found = unread.find(wanted);
      if (found) {
        unread = unread.filter((message) => message !== found);
        resolve(found);
      } else waiting.push({ wanted, resolve });
    });

  const scheduler: Omit<TestScheduler, "welcome"> = {
    holds: new Map(Object.entries(holds)),
    answers: true,
    lastPing: 0,
    closed,
    send: write,
    dispatch(...items) {
      write({ type: "dispatch", ping: scheduler.lastPing, items });
    },
    ack({ dagId, epoch, exec }) {
      write({ type: "ack", reports: [{ dagId, epoch, exec }] });
    },
    next: async (type) => (await nextOf((message) => message.type === type)) as never,
    async report(exec, acknowledge = true) {
      const about = (message: FromWorker) =>
        message.type === "reports" ? message.reports.find((report) => report.exec === exec) : undefined;
      const found = about(await nextOf((message) => about(message) !== undefined));
      if (!found) throw new Error(`no report about ${exec}`);
      if (acknowledge) scheduler.ack(found);
      return found;
    },
    get unread() {
      return unread;
    },
    close() {
      socket.destroy();
    },
  };

  function take(message: FromWorker) {
    if (message.type === "ping") {
      scheduler.lastPing = message.id;
      const dags = [...scheduler.holds].map(([id, epoch]): [DagId, number] => [DagId.parse(id), epoch]);
      if (scheduler.answers) write({ type: "holds", ping: message.id, dags });
    }
    if (message.type === "need_bundle") {
      write({ type: "bundle", hash: message.hash, found: bundleOf(message.hash) });
    }
    const waiter = waiting.find(({ wanted }) => wanted(message));
    if (!waiter) unread.push(message);
    waiting = waiting.filter((one) => one !== waiter);
    waiter?.resolve(message);
  }

  const lines = createInterface({ input: socket });
  lines.on("error", () => undefined); // it passes the socket's on
  lines.on("line", (line) => {
    take(FromWorker.parse(JSON.parse(line)));
  });
  const { nonce } = await scheduler.next("challenge");
  write({ type: "hello", process, hmac: helloHmac(installKey, nonce, process) });
  const welcome = await Promise.race([scheduler.next("welcome"), closed.then(() => undefined)]);
  if (welcome === undefined) throw new Error("The worker closed the socket.");
  await scheduler.next("ping");
  return Object.assign(scheduler, { welcome });
}
