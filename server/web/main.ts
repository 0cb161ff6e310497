import type { IncomingMessage, ServerResponse } from "node:http";
import { apiHandler } from "../api/handler";
import { openAuth } from "../auth/auth";
import type { AuthOptions } from "../auth/options";
import { openAnswers } from "../commands/open-answers";
import { readMigrations } from "../db/migrate";
import { connectClient, openPool } from "../db/pool";
import { beatService } from "../db/process-beat";
import { systemClock } from "../platform/clock";
import type { Log } from "../platform/log";
import type { Running } from "../platform/running";
import { admitRequest } from "./admit-request";
import { send, sendAlone } from "./answer";
import { sendConsoleToLog } from "./console-to-log";
import { watchHealth } from "./health";
import { openHttpServer } from "./http-server";
import { requireLoopback } from "./loopback";
import { openPages, readBuildId } from "./pages";
import { SECURITY_HEADERS } from "./security-headers";

export interface WebOptions {
  readonly databaseUrl: string;
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string;
  /** The built pages are in its folder `next`. */
  readonly dist: string;
  readonly environmentName: string;
  readonly auth: AuthOptions;
  /** Folder of the migrations that the database should have. */
  readonly migrations: string;
  /** Kinds of processes whose beat must be fresh before it calls itself ready. */
  readonly expects: readonly string[];
  /** Told to whoever asks whether it is ready, so that a supervisor knows its own web from another one at the port. */
  readonly instance: string;
  readonly log: Log;
}

/** Host and Origin, then health, API, pages: each knows only requests that got so far. */
export async function startWeb(options: WebOptions): Promise<Running> {
  const { databaseUrl, host, port, dist, log } = options;
  requireLoopback(host);
  sendConsoleToLog(log);
  const clock = systemClock(() => 0);
  const db = openPool(databaseUrl, { name: "web", max: 6 });
  const auth = await openAuth({ ...options, ...options.auth, db });
  const connect = () => connectClient(databaseUrl, { name: "web" });
  const answers = openAnswers({ db, connect, clock });
  const api = apiHandler({ auth, db, answerTo: answers.answerTo, log });
  const buildId = readBuildId(dist);
  const pages = openPages({ ...options, ...auth, buildId });
  const health = watchHealth({
    ...{ db, migrations: await readMigrations(options.migrations), expects: options.expects },
    ...{ instance: options.instance, arePagesReady: pages.areReady },
    hasAdmin: () => auth.hasAdmin(),
  });
  const ownHeaders = Object.entries({ ...SECURITY_HEADERS, "x-vane-build": buildId });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of ownHeaders) response.setHeader(name, value);
    const { method = "", url: target = "", headers, headersDistinct } = request;
    const admitted = admitRequest({ method, target, headers, hosts: headersDistinct["host"] ?? [] }, port);
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
        await api(request, response);
        return;
      case "page":
        await pages.answer(request, response);
        return;
    }
  }

  const server = await openHttpServer({ host, port, log, answer });
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
    failed: pages.failed,
    async stop() {
      health.stop();
      await server.stop();
      await Promise.all([beat.stop(), answers.stop(), auth.close()]);
      await db.end();
    },
  };
}
