import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { readMigrations } from "../db/migrate";
import { openPool } from "../db/pool";
import { beatService } from "../db/process-beat";
import { systemClock } from "../platform/clock";
import { VaneError } from "../platform/errors";
import type { Log } from "../platform/log";
import type { Running } from "../platform/running";
import { isOwnHost, requireLoopback } from "./loopback";
import { findProblems } from "./readiness";

export interface WebOptions {
  readonly databaseUrl: string;
  readonly host: string;
  readonly port: number;
  /** Folder of the migrations that the database should have. */
  readonly migrations: string;
  /** Kinds of processes whose beat must be fresh before it calls itself ready. */
  readonly expects: readonly string[];
  /** Told to whoever asks whether it is ready, so that a supervisor knows its own web from another one at the port. */
  readonly instance: string;
  readonly log: Log;
}

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A turn of the loop that comes this late means that nobody is served. */
const MAX_LAG_MS = 5_000;
const LOOK_MS = 1_000;

const HEADERS = {
  "content-type": "application/json; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
};

/** Health only: pages and API are not served yet, so whatever else is asked for is not there. */
export async function startWeb({
  databaseUrl,
  host,
  port,
  migrations,
  expects,
  instance,
  log,
}: WebOptions): Promise<Running> {
  requireLoopback(host);
  const clock = systemClock(() => 0);
  const db = openPool(databaseUrl, { name: "web", max: 2 });
  const known = await readMigrations(migrations);
  const progress = watchLoop();

  async function answer(request: IncomingMessage): Promise<Answer> {
    if (!isOwnHost(request.headers.host, port)) {
      return error(421, `Ask for this server by its own address, 127.0.0.1:${port}.`);
    }
    if (request.method !== "GET" && request.method !== "HEAD") return error(404, "There is nothing here.");
    const path = request.url?.split("?")[0];
    if (path === "/healthz") {
      const lagMs = progress.lagMs();
      return { status: lagMs < MAX_LAG_MS ? 200 : 503, body: { alive: true, loopLagMs: lagMs } };
    }
    if (path === "/readyz") {
      const problems = await findProblems({ db, migrations: known, expects });
      const ready = problems.length === 0;
      return { status: ready ? 200 : 503, body: { ready, problems, instance } };
    }
    return error(404, "There is nothing here.");
  }

  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (request, response) => {
    request.resume(); // nobody's body is read
    answer(request).then(
      (found) => {
        send(request, response, found);
      },
      (cause: unknown) => {
        log.error({ error: String(cause) }, "A request was not answered.");
        send(request, response, error(500, "Vane broke. The log has more."));
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => {
      const sentence = `Port ${port} is taken. Choose another with --port or VANE_PORT.`;
      reject(new VaneError("port.taken", sentence, { cause }));
    });
    server.listen({ host, port }, resolve);
  });

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
    failed: new Promise<never>(() => undefined),
    async stop() {
      progress.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await beat.stop();
      await db.end();
    },
  };
}

const error = (status: number, sentence: string): Answer => ({ status, body: { error: sentence } });

function send(request: IncomingMessage, response: ServerResponse, { status, body }: Answer) {
  response.writeHead(status, HEADERS);
  response.end(request.method === "HEAD" ? undefined : `${JSON.stringify(body)}\n`);
}

/** How late the loop's last turn came. */
function watchLoop() {
  let dueMs = performance.now() + LOOK_MS;
  let lagMs = 0;
  const timer = setInterval(() => {
    lagMs = Math.max(0, performance.now() - dueMs);
    dueMs = performance.now() + LOOK_MS;
  }, LOOK_MS);
  return {
    lagMs: () => Math.round(Math.max(lagMs, performance.now() - dueMs)),
    stop: () => {
      clearInterval(timer);
    },
  };
}
