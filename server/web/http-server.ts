import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { VaneError } from "../platform/errors";
import type { Log } from "../platform/log";
import { refusal, sendAlone } from "./answer";

interface Options {
  readonly host: string;
  readonly port: number;
  readonly log: Log;
  readonly answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

export interface HttpServer {
  /** At once: a stream would stay open for as long as somebody looks. */
  stop(): Promise<void>;
}

/** For a request to come in whole; its answer may take longer. */
const LIMITS = {
  requestTimeout: 10_000,
  headersTimeout: 5_000,
  maxHeaderSize: 16_384,
  requireHostHeader: false,
};
/** Many more than the tabs of a team; each costs some 50 kB. */
const MAX_CONNECTIONS = 1_000;

export async function openHttpServer({ host, port, log, answer }: Options): Promise<HttpServer> {
  const server = createServer(LIMITS, (request, response) => {
    answer(request, response).catch((cause: unknown) => {
      const { id, stack } = describe(cause);
      log.error({ errorId: id, path: request.url, stack }, "A request was not answered.");
      sendAlone(request, response, refusal(500, `Vane broke. The log has more under the error id ${id}.`));
    });
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.on("clientError", refuseBroken);
  await listen(server, host, port);
  return {
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

const describe = (cause: unknown) => ({
  id: cause instanceof VaneError ? cause.id : crypto.randomUUID(),
  stack: cause instanceof Error ? cause.stack : String(cause),
});

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => {
      const sentence = `Port ${port} is taken. Choose another with --port or VANE_PORT.`;
      reject(new VaneError("port.taken", sentence, { cause }));
    });
    server.listen({ host, port }, resolve);
  });
}

const BROKEN: Readonly<Record<string, readonly [status: string, sentence: string]>> = {
  HPE_HEADER_OVERFLOW: ["431 Request Header Fields Too Large", "The address or the headers are too long."],
  ERR_HTTP_REQUEST_TIMEOUT: ["408 Request Timeout", "The request did not come to its end in time."],
};
const UNREADABLE = ["400 Bad Request", "Vane cannot read this request."] as const;

/** What Node's parser gives up on never becomes a request. */
function refuseBroken(error: NodeJS.ErrnoException, socket: Duplex) {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const [status, sentence] = BROKEN[error.code ?? ""] ?? UNREADABLE;
  const body = `${JSON.stringify({ error: sentence })}\n`;
  const head = [
    `HTTP/1.1 ${status}`,
    "content-type: application/json; charset=utf-8",
    "cache-control: no-store",
    "connection: close",
    `content-length: ${body.length}`,
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
