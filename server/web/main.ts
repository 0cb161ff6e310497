import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { readMigrations } from "../db/migrate";
import { openPool } from "../db/pool";
import { beatService } from "../db/process-beat";
import { systemClock } from "../platform/clock";
import { VaneError } from "../platform/errors";
import type { Log } from "../platform/log";
import type { Running } from "../platform/running";
import { admitRequest } from "./admit-request";
import { refusal, send, type Answer } from "./answer";
import { sendConsoleToLog } from "./console-to-log";
import { watchHealth } from "./health";
import { requireLoopback } from "./loopback";
import { openPages, readBuildId } from "./pages";
import { SECURITY_HEADERS } from "./security-headers";

export interface WebOptions {
  readonly databaseUrl: string;
  readonly host: string;
  readonly port: number;
  /** The built pages are in its folder `next`. */
  readonly dist: string;
  readonly environmentName: string;
  /** Folder of the migrations that the database should have. */
  readonly migrations: string;
  /** Kinds of processes whose beat must be fresh before it calls itself ready. */
  readonly expects: readonly string[];
  /** Told to whoever asks whether it is ready, so that a supervisor knows its own web from another one at the port. */
  readonly instance: string;
  readonly log: Log;
}

/** A request in whole; answers may take longer. */
const LIMITS = { requestTimeout: 10_000, headersTimeout: 5_000, maxHeaderSize: 16_384 };

export async function startWeb(options: WebOptions): Promise<Running> {
  const { databaseUrl, host, port, dist, log } = options;
  requireLoopback(host);
  sendConsoleToLog(log);
  const clock = systemClock(() => 0);
  const db = openPool(databaseUrl, { name: "web", max: 2 });
  const buildId = readBuildId(dist);
  // Nobody has a session before there is a sign-in.
  const sessionOf = () => Promise.resolve(undefined);
  const pages = openPages({ ...options, buildId, sessionOf });
  let arePagesReady = false;
  void pages.ready.then(() => (arePagesReady = true));
  const health = watchHealth({
    ...{ db, migrations: await readMigrations(options.migrations), expects: options.expects },
    ...{ instance: options.instance, arePagesReady: () => arePagesReady },
  });
  const headers = Object.entries({ ...SECURITY_HEADERS, "x-vane-build": buildId });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of headers) response.setHeader(name, value);
    const { method = "", url: target = "" } = request;
    const admitted = admitRequest({ method, target, headers: request.headers }, port);
    switch (admitted.kind) {
      case "refused":
        sendAlone(request, response, admitted.answer);
        return;
      case "health":
        send(request, response, health.alive());
        return;
      case "ready":
        send(request, response, await health.ready());
        return;
      case "api":
        send(request, response, refusal(404, "There is nothing here."));
        return;
      case "page":
        await pages.answer(request, response);
        return;
    }
  }

  const server = createServer(LIMITS, (request, response) => {
    answer(request, response).catch((cause: unknown) => {
      log.error({ error: String(cause) }, "A request was not answered.");
      sendAlone(request, response, refusal(500, "Vane broke. The log has more."));
    });
  });
  server.on("clientError", refuseBroken);
  await listen(server, host, port);

  const beat = beatService({
    run: (work) => work(db),
    clock,
    process: { kind: "web", address: `http://${host}:${port}` },
    onPass(outcome) {
      if ("error" in outcome)
        log.warn({ error: String(outcome.error) }, "The database does not take the beat.");
    },
  });
  await beat.begin();
  log.debug({ port }, "Web server listens.");

  return {
    failed: pages.ready.then(() => new Promise<never>(() => undefined)),
    async stop() {
      health.stop();
      // Streams would stay open for as long as somebody looks.
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await beat.stop();
      await db.end();
    },
  };
}

/** And nothing more on this connection: the rest of its body is not read. */
function sendAlone(request: IncomingMessage, response: ServerResponse, found: Answer) {
  send(request, response, { ...found, headers: { ...found.headers, connection: "close" } });
}

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
  HPE_HEADER_OVERFLOW: ["431 Request Header Fields Too Large", "The headers are too long."],
  ERR_HTTP_REQUEST_TIMEOUT: ["408 Request Timeout", "The request did not come to its end in time."],
};

/** What Node's parser gives up on never becomes a request. */
function refuseBroken(error: NodeJS.ErrnoException, socket: Duplex) {
  if (!socket.writable || error.code === "ECONNRESET") return void socket.destroy();
  const [status, sentence] = BROKEN[error.code ?? ""] ?? ["400 Bad Request", "This is no request."];
  const body = `${JSON.stringify({ error: sentence })}\n`;
  const head = [
    "content-type: application/json; charset=utf-8",
    "cache-control: no-store",
    "connection: close",
  ];
  socket.end(`HTTP/1.1 ${status}\r\n${head.join("\r\n")}\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
}
