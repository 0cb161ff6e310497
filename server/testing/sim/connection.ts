import { EventEmitter } from "node:events";
import { DatabaseError, type Client } from "pg";
import type { Database, Question } from "./database";
import { sqlError, type Row } from "./rows";
import type { Random } from "./random";
import type { Actor, Timeline } from "./timeline";

/*
 * Connections to the simulated database, in the shape of node-postgres: pipelined, answered in order. What makes trouble is
 * modelled where it makes trouble: a request that is on its way when the connection breaks may still be done, later, by a
 * backend that nobody hears any more; one that was done may stay unanswered.
 */

export interface Connections {
  connect(whose: Actor, name: string): Promise<Client>;
  /** Breaks one of the process's at the next thing that it asks. `silently`: its own side hears nothing and waits. */
  cut(whose: Actor, silently: boolean): void;
  /** The process is gone, and with it all of its. */
  drop(whose: Actor): void;
  /** Until then nobody gets a connection, and all that there are break. */
  outage(untilMs: number): void;
  /** To that many of the next transactions Postgres itself says no, with this code. */
  refuseNext(count: number, code: string): void;
  notify(channel: string, payload: string): void;
  /** A transaction has begun whose end is still to be sent: it comes in the next turn of the loop. */
  midway(): boolean;
}

interface Request extends Question {
  readonly resolve: (result: { readonly command: string; readonly rows: readonly Row[] }) => void;
  readonly reject: (error: Error) => void;
}

export interface ConnectionRules {
  /** COMMIT is answered when all is durable, not before. */
  readonly answersAfterCommit: boolean;
}

interface Parts {
  readonly rules: ConnectionRules;
  readonly db: Database;
  readonly timeline: Timeline;
  readonly random: Random;
  /** Something that this model does not know. */
  readonly onBug: (error: unknown) => void;
}

const LATENCY_MS = [1, 12] as const;
/** A backend whose client is gone works off what it has received within this time, if it ever gets to it. */
const ORPHAN_MS = [1, 9_000] as const;

export function connections(parts: Parts): Connections {
  const open = new Set<Backend>();
  let outageUntilMs = 0;
  let refusals: string[] = [];
  const trouble = () => refusals.pop();

  return {
    connect(whose, name) {
      const { timeline, random } = parts;
      return new Promise((resolve, reject) => {
        timeline.after(random.between(...LATENCY_MS), whose, () => {
          if (timeline.nowMs() < outageUntilMs) {
            reject(new Error(`${name}: connection refused`));
            return;
          }
          const backend = openBackend(parts, whose, trouble, () => open.delete(backend));
          open.add(backend);
          resolve(backend.client);
        });
      });
    },
    cut(whose, silently) {
      parts.random.pick([...open].filter((backend) => backend.whose === whose))?.arm(silently);
    },
    drop(whose) {
      for (const backend of [...open]) if (backend.whose === whose) backend.break(true);
    },
    outage(untilMs) {
      outageUntilMs = untilMs;
      for (const backend of [...open]) backend.break(parts.random.chance(0.2));
    },
    refuseNext(count, code) {
      refusals = Array.from({ length: count }, () => code);
    },
    notify(channel, payload) {
      for (const backend of open) backend.notify(channel, payload);
    },
    midway: () => [...open].some((backend) => backend.whose.alive && backend.midway()),
  };
}

interface Backend {
  readonly whose: Actor;
  readonly client: Client;
  break(silently: boolean): void;
  arm(silently: boolean): void;
  notify(channel: string, payload: string): void;
  midway(): boolean;
}

function openBackend(
  { rules, db, timeline, random, onBug }: Parts,
  whose: Actor,
  trouble: () => string | undefined,
  onGone: () => void,
): Backend {
  const events = new EventEmitter();
  const channels = new Set<string>();
  /** What the client waits for, and what the server has not done yet. */
  const pending = new Set<Request>();
  let received: Request[] = [];
  let heard = true;
  let working = true;
  let lastReplyMs = 0;
  let armed: { readonly silently: boolean; readonly before: boolean } | undefined;

  function ask(question: Question): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (!heard) {
        reject(new Error("Connection terminated"));
        return;
      }
      const request = { ...question, resolve, reject };
      pending.add(request);
      received.push(request);
      timeline.after(random.between(...LATENCY_MS), undefined, () => {
        if (working) work();
      });
    });
  }

  /** Whole transactions only: the end of one is sent a turn after its beginning. */
  function work(): void {
    while (received.length > 0) {
      const first = received[0]?.text === "begin";
      const end = first ? received.findIndex(({ text }) => text === "commit" || text === "rollback") : 0;
      if (end < 0) return;
      if (armed?.before) {
        breakNow(armed.silently);
        return;
      }
      const requests = received.splice(0, end + 1);
      const replies = first ? transaction(requests) : requests.map(single);
      // Done, and nobody will hear of it.
      if (armed) {
        breakNow(armed.silently);
        return;
      }
      answer(requests, replies);
    }
  }

  type Reply = { readonly command: string; readonly rows: readonly Row[] } | Error;

  function single({ name, text, values }: Request): Reply {
    if (text.startsWith("listen ")) {
      channels.add(text.slice(7));
      return { command: "LISTEN", rows: [] };
    }
    if (text === "select 1") return { command: "SELECT", rows: [{ one: 1 }] };
    const code = name === "flush" ? trouble() : undefined;
    if (code) return sqlError(code, "sim");
    const kept = name !== "flush" || rules.answersAfterCommit || random.chance(0.8);
    try {
      return { command: "SELECT", rows: db.transact([{ name, text, values }], kept)[0] ?? [] };
    } catch (error) {
      return asError(error);
    }
  }

  function transaction(requests: readonly Request[]): Reply[] {
    const inner = requests.slice(1, -1);
    const begun: Reply = { command: "BEGIN", rows: [] };
    const nothing = inner.map((): Reply => ({ command: "SELECT", rows: [] }));
    if (requests.at(-1)?.text === "rollback") return [begun, ...nothing, { command: "ROLLBACK", rows: [] }];
    const code = trouble();
    if (code) return [begun, ...nothing, sqlError(code, "sim")];
    try {
      const kept = rules.answersAfterCommit || random.chance(0.8);
      const rows = db.transact(
        inner.map(({ name, text, values }) => ({ name, text, values })),
        kept,
      );
      return [
        begun,
        ...rows.map((found) => ({ command: "SELECT", rows: found })),
        { command: "COMMIT", rows: [] },
      ];
    } catch (error) {
      // Which one it was does not matter to who sent them: the first error is the cause.
      return [begun, ...inner.map(() => asError(error)), { command: "ROLLBACK", rows: [] }];
    }
  }

  function answer(requests: readonly Request[], replies: readonly Reply[]): void {
    lastReplyMs = Math.max(lastReplyMs, timeline.nowMs() + random.between(...LATENCY_MS));
    timeline.after(lastReplyMs - timeline.nowMs(), whose, () => {
      if (!heard || !working) return;
      requests.forEach((request, i) => {
        pending.delete(request);
        const reply = replies[i];
        if (reply instanceof Error) request.reject(reply);
        else if (reply) request.resolve(reply);
      });
    });
  }

  function breakNow(silently: boolean): void {
    armed = undefined;
    abandon();
    if (!silently) timeline.after(random.between(1, 50), whose, hangUp);
  }

  /** What is on its way when the connection breaks may yet be done. */
  function abandon(): void {
    if (!working) return;
    working = false;
    onGone();
    if (random.chance(0.5)) timeline.after(random.between(...ORPHAN_MS), undefined, work);
    else received = [];
  }

  function hangUp(): void {
    if (!heard) return;
    heard = false;
    abandon();
    for (const { reject } of pending) reject(new Error("Connection terminated unexpectedly"));
    pending.clear();
    events.emit("end");
  }

  /** What Postgres would say; anything else is a hole in this model. */
  function asError(error: unknown): Error {
    if (!(error instanceof DatabaseError)) onBug(error);
    return error instanceof Error ? error : new Error(String(error));
  }

  const client = Object.assign(events, {
    query: (asked: string | (Partial<Question> & { readonly text: string })) =>
      ask({ name: "", values: [], ...(typeof asked === "string" ? { text: asked } : asked) }),
    end: () => {
      hangUp();
      return Promise.resolve();
    },
    connection: { stream: { destroy: hangUp } },
  });
  return {
    whose,
    client: client as unknown as Client,
    break: breakNow,
    arm(silently) {
      armed = { silently, before: random.chance(0.5) };
    },
    notify(channel, payload) {
      if (!channels.has(channel)) return;
      timeline.after(random.between(...LATENCY_MS), whose, () => {
        if (heard && working) events.emit("notification", { channel, payload });
      });
    },
    midway: () =>
      heard &&
      received.some(({ text }) => text === "begin") &&
      !received.some(({ text }) => text === "commit" || text === "rollback"),
  };
}
