import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { systemClock, type Clock } from "../platform/clock";
import { VaneError } from "../platform/errors";
import type { Log } from "../platform/log";
import type { Running } from "../platform/running";
import { isOwnHost } from "../web/loopback";
import type { Answer } from "./answer";
import { market } from "./market";
import type { DemoOptions } from "./options";
import { telegramSink } from "./sink";

interface Options extends Omit<DemoOptions, "logLevel"> {
  readonly log: Log;
  readonly clock?: Clock;
}

const MAX_BODY_BYTES = 64 * 1024;
const MAX_CONNECTIONS = 100;

/** All that the demo talks to, on one port of this machine: a market to fetch from, and a Telegram that keeps what it is told. */
export async function startDemo(options: Options): Promise<Running> {
  const { port, folder, token, seed, log, clock = systemClock(() => 0) } = options;
  const askMarket = market({ seed, clock });
  const tellTelegram = telegramSink({ token, folder, clock });

  async function answer(request: IncomingMessage): Promise<Answer> {
    if (!isOwnHost(request.headers.host, port)) return notHere;
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    if (url.pathname.startsWith("/bot")) {
      const body = await bodyOf(request);
      if (body === undefined)
        return { status: 413, body: { ok: false, error_code: 413, description: "Too big" } };
      return tellTelegram(url.pathname, paramsOf(url, request.headers["content-type"] ?? "", body));
    }
    request.resume();
    return request.method === "GET" ? askMarket(url) : notHere;
  }

  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (request, response) => {
    answer(request).then(
      (found) => {
        send(response, found);
      },
      (cause: unknown) => {
        log.error({ error: String(cause) }, "The demo did not answer a request.");
        send(response, { status: 500, body: { error: "The demo broke. The log has more." } });
      },
    );
  });
  server.maxConnections = MAX_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => {
      reject(
        new VaneError("port.taken", `The demo's port ${port} was taken meanwhile. Start anew.`, { cause }),
      );
    });
    server.listen({ host: "127.0.0.1", port }, resolve);
  });
  log.debug({ port }, "The demo listens.");

  return {
    failed: new Promise<never>(() => undefined),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const notHere: Answer = { status: 404, body: { error: "There is nothing here." } };

/** Closed after each answer: a socket that is kept would be something that an attempt leaves behind. */
function send(response: ServerResponse, { status, body }: Answer) {
  response.writeHead(status, { "content-type": "application/json", connection: "close" });
  response.end(JSON.stringify(body));
}

/** undefined: more than anybody may send. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Not destroyed by leaving early: it still has to be answered.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** As Telegram takes them: behind the ?, as a form, or as JSON. */
function paramsOf(url: URL, contentType: string, body: string): unknown {
  const query = Object.fromEntries(url.searchParams);
  if (!contentType.startsWith("application/json")) {
    return { ...query, ...Object.fromEntries(new URLSearchParams(body)) };
  }
  try {
    return { ...query, ...(JSON.parse(body) as object) };
  } catch {
    return query;
  }
}
