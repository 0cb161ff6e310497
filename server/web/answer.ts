import type { IncomingMessage, ServerResponse } from "node:http";

/** A small answer of our own: health, refusals. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export const refusal = (
  status: number,
  sentence: string,
  headers?: Readonly<Record<string, string>>,
): Answer => ({
  status,
  body: { error: sentence },
  ...(headers && { headers }),
});

export function send(request: IncomingMessage, response: ServerResponse, { status, body, headers }: Answer) {
  if (response.headersSent) {
    // Half of something else went out already: only the end of the connection can say that it is not whole.
    response.destroy();
    return;
  }
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    ...headers,
  });
  response.end(request.method === "HEAD" ? undefined : `${JSON.stringify(body)}\n`);
}

/** And nothing more on this connection: what else the client sends is not read. */
export function sendAlone(request: IncomingMessage, response: ServerResponse, answer: Answer) {
  send(request, response, { ...answer, headers: { ...answer.headers, connection: "close" } });
}
