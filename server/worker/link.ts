import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import type { DagId, ProcessId } from "../domain/ids";
import { FromScheduler, type FromWorker } from "../executor/protocol";
import type { Clock } from "../platform/clock";
import { isHelloHmac } from "../executor/hello-hmac";
import { jsonLines, MAX_MESSAGE_BYTES } from "../executor/json-lines";
import type { Limits } from "./limits";

/** A scheduler that has shown that it holds the install key. */
export interface Link {
  readonly process: ProcessId;
  send(message: FromWorker): void;
  /** Closes the socket instead if a former ping has had no answer for too long: a link dead one way is dead both ways. */
  ping(id: number, dags: readonly DagId[], sockets: number): void;
  /** When that ping left by this socket; undefined if it did not. All before it count as answered. */
  answered(ping: number): number | undefined;
  close(): void;
}

type Word = Exclude<FromScheduler, { type: "hello" }>;

interface LinkParts {
  readonly socket: Socket;
  readonly installKey: string;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly onJoined: (link: Link) => void;
  readonly onMessage: (link: Link, message: Word) => void;
  readonly onLeft: (link: Link, cause: Error | undefined) => void;
}

const MAX_HELLO_BYTES = 4_096;

export function acceptScheduler(parts: LinkParts): void {
  const { socket, installKey, clock, limits } = parts;
  const nonce = randomBytes(16).toString("hex");
  let link: Link | undefined;
  let cause: Error | undefined;

  const lines = jsonLines(
    socket,
    () => (link ? MAX_MESSAGE_BYTES : MAX_HELLO_BYTES),
    (unknown) => {
      const message = FromScheduler.parse(unknown);
      if (link && message.type !== "hello") parts.onMessage(link, message);
      else if (!link && message.type === "hello") greet(message.process, message.hmac);
      else throw new Error(`A scheduler said ${message.type} out of turn.`);
    },
  );
  const send = (message: FromWorker) => {
    lines.send(message);
  };
  const callOff = clock.wakeAfter(limits.unansweredMs, () => {
    if (!link) socket.destroy();
  });

  function greet(process: ProcessId, hmac: string) {
    if (!isHelloHmac(hmac, installKey, nonce, process))
      throw new Error("A scheduler showed a wrong install key.");
    link = { process, send, ...pings(clock, limits, send, socket), close: lines.end };
    parts.onJoined(link);
  }

  socket.on("error", (error) => (cause = error));
  socket.on("close", () => {
    callOff();
    if (link) parts.onLeft(link, cause);
  });
  send({ type: "challenge", nonce });
}

/** What renews and what hangs up, over any kind of connection. */
export function pings(
  clock: Clock,
  limits: Limits,
  send: Link["send"],
  socket: { destroy(cause: Error): unknown },
): Pick<Link, "ping" | "answered"> {
  /** Oldest first. */
  const sent = new Map<number, number>();
  let answeredUpTo = 0;
  return {
    ping(id, dags, sockets) {
      const nowMs = clock.monotonicMs();
      for (const [old, atMs] of sent) if (nowMs - atMs > limits.renewalMs) sent.delete(old);
      const oldest = [...sent].find(([ping]) => ping > answeredUpTo);
      if (oldest && nowMs - oldest[1] > limits.unansweredMs) {
        socket.destroy(new Error(`The scheduler left a ping unanswered for ${limits.unansweredMs} ms.`));
        return;
      }
      // Noted before it is written: time in our own buffer shortens what it renews.
      sent.set(id, nowMs);
      send({ type: "ping", id, dags: [...dags], sockets });
    },
    answered(ping) {
      const sentMs = sent.get(ping);
      if (sentMs !== undefined && ping > answeredUpTo) answeredUpTo = ping;
      return sentMs;
    },
  };
}
