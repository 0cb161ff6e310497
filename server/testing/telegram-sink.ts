import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { signal } from "./signal";

export interface SinkMessage {
  readonly token: string;
  readonly chat: string;
  readonly text: string;
}

/** What it answers to the next message; `hang`: nothing, ever. */
export type SinkAnswer =
  "ok" | "hang" | { readonly status: number; readonly retryAfter?: number; readonly why: string };

/** As much of Telegram as an alert needs, on a port of its own, answering as it is told. */
export async function telegramSink(answers: SinkAnswer[] = []) {
  const arrived = signal<SinkMessage>();
  const all: SinkMessage[] = [];

  async function take(request: IncomingMessage, response: ServerResponse) {
    const [, token = "", method] = /^\/bot([^/]+)\/(\w+)$/.exec(request.url ?? "") ?? [];
    const body = await text(request);
    const fields = request.headers["content-type"]?.includes("json")
      ? (JSON.parse(body) as Record<string, unknown>)
      : Object.fromEntries(new URLSearchParams(body));
    if (method !== "sendMessage") throw new Error(`Nobody expects ${method ?? "that"}.`);
    const message = { token, chat: String(fields["chat_id"]), text: String(fields["text"]) };
    const answer = answers.shift() ?? "ok";
    if (answer === "ok") respond(response, 200, { ok: true, result: { message_id: all.length + 1 } });
    else if (answer !== "hang") respond(response, answer.status, refusal(answer));
    all.push(message);
    arrived.send(message);
  }

  const server = createServer((request, response) => void take(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, all, next: arrived.next };
}

function respond(response: ServerResponse, status: number, body: object) {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

const refusal = ({ status, retryAfter, why }: Exclude<SinkAnswer, string>) => ({
  ...{ ok: false, error_code: status, description: why },
  ...(retryAfter !== undefined && { parameters: { retry_after: retryAfter } }),
});
