import { once } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import { connect, createServer, type Socket } from "node:net";
import type { Client } from "pg";
import { z } from "zod";

/*
 * Stands between a client and Postgres and makes the trouble that a network makes: what is sent does not arrive, arrives
 * later, or is not answered. It knows nothing of what it carries.
 */
export interface FaultProxy {
  /** The same database, through the proxy. */
  readonly url: string;
  /** From now on what is answered gets lost, over all connections there are. */
  loseReplies(): void;
  /** From now on what is sent gets no further, until it is let through (or never is). */
  holdRequests(): void;
  /** Until something with this word in it was sent and is held. */
  untilHeld(word: string): Promise<void>;
  /** What was held arrives after all, though its sender may be long gone. */
  releaseRequests(): void;
  /** The client's side of all connections breaks; what they had sent before stays on its way. */
  hangUp(): void;
  stop(): Promise<void>;
}

interface Line {
  readonly client: Socket;
  readonly server: Socket;
  deaf: boolean;
  held: Buffer[] | undefined;
}

const Port = z.object({ port: z.int() });

/** @param to where this client is connected, be it a port or a socket in a folder */
export async function faultProxy(to: Client): Promise<FaultProxy> {
  const { host, port, user = "", database = "" } = to;
  const password = encodeURIComponent(String(to.password));
  const lines = new Set<Line>();
  const listener = createServer((client) => {
    const server = host.startsWith("/") ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
    const line: Line = { client, server, deaf: false, held: undefined };
    lines.add(line);
    client.on("data", (chunk) => {
      if (line.held) line.held.push(chunk);
      else server.write(chunk);
    });
    server.on("data", (chunk) => {
      if (!line.deaf) client.write(chunk);
    });
    client.on("error", () => undefined);
    server.on("error", () => undefined);
    // What is held may still arrive when its sender is gone.
    client.on("close", () => {
      if (!line.held) server.end();
    });
    server.on("close", () => {
      client.destroy();
      lines.delete(line);
    });
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");

  const through = Port.parse(listener.address()).port;
  return {
    url: `postgresql://${user}:${password}@127.0.0.1:${through}/${database}`,
    loseReplies() {
      for (const line of lines) line.deaf = true;
    },
    holdRequests() {
      for (const line of lines) line.held = [];
    },
    async untilHeld(word) {
      while (![...lines].some(({ held }) => held && Buffer.concat(held).includes(word))) await turn();
    },
    releaseRequests() {
      for (const line of lines) {
        for (const chunk of line.held ?? []) line.server.write(chunk);
        line.held = undefined;
        if (line.client.destroyed) line.server.end();
      }
    },
    hangUp() {
      for (const { client } of lines) client.destroy();
    },
    async stop() {
      for (const { client, server } of lines) {
        client.destroy();
        server.destroy();
      }
      listener.close();
      await once(listener, "close");
    },
  };
}
