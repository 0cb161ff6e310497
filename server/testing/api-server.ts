import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Client } from "pg";
import { inject } from "vitest";
import { apiHandler } from "../api/handler";
import type { Auth } from "../auth/auth.types";
import type { Door } from "../commands/request-command";
import { openPool } from "../db/pool";
import { silentLog, type Log } from "../platform/log";
import { withDatabase } from "../supervisor/embedded-postgres";

interface Surroundings {
  /** Of which database. */
  readonly db: Client;
  readonly auth: Auth;
  readonly log?: Log;
  /** As a scheduler would; none answers unless this is given. */
  readonly answerTo?: Door["answerTo"];
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

const nobody = () => Promise.resolve(undefined);

/** The API over real HTTP, without the server around it. */
export async function startApi({ db, auth, log = silentLog, answerTo = nobody }: Surroundings) {
  const pool = openPool(withDatabase(inject("adminUrl"), db.database ?? ""), { name: "test", max: 4 });
  const handler = apiHandler({ auth, db: pool, answerTo, log });
  const server = createServer((request, response) => void handler(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;

  async function send(path: string, init: RequestInit): Promise<Answer> {
    const response = await fetch(`${origin}/api/trpc/${path}`, init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === "" ? "" : JSON.parse(text) };
  }
  const json = { "content-type": "application/json" };

  return {
    origin,
    send,
    query: (path: string, input?: unknown, headers: Readonly<Record<string, string>> = {}) =>
      send(input === undefined ? path : `${path}?input=${encodeURIComponent(JSON.stringify(input))}`, {
        headers,
      }),
    /** As a batch of one where there is no input: a body of nothing is no JSON. */
    async mutate(path: string, input?: unknown, headers: Readonly<Record<string, string>> = {}) {
      const init = { method: "POST", headers: { ...json, ...headers } };
      if (input !== undefined) return send(path, { ...init, body: JSON.stringify(input) });
      const { body, ...answer } = await send(`${path}?batch=1`, { ...init, body: "{}" });
      return { ...answer, body: (Array.isArray(body) ? body[0] : body) as unknown };
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await pool.end();
    },
  };
}
