import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import next from "next";
import { NONCE_HEADER, PATH_HEADER, putHost, type WebHost } from "./host";
import { pagePolicy } from "./security-headers";

interface Options {
  /** Where `next/`, the built pages, and `next.config.mjs` lie. */
  readonly dist: string;
  readonly host: string;
  readonly port: number;
  readonly buildId: string;
  readonly environmentName: string;
  readonly sessionOf: WebHost["sessionOf"];
  readonly hasAdmin: WebHost["hasAdmin"];
}

export interface Pages {
  readonly areReady: () => boolean;
  /** Rejects when they cannot be served; never resolves. */
  readonly failed: Promise<never>;
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** Set by proxies, and there is none in front of us; or ours to set. */
const NOT_FROM_CLIENTS = [
  ...["x-forwarded-host", "x-forwarded-proto", "x-forwarded-port", "x-forwarded-for", "forwarded"],
  ...["content-security-policy", "content-security-policy-report-only", NONCE_HEADER, PATH_HEADER],
];

export const readBuildId = (dist: string) => readFileSync(join(dist, "next", "BUILD_ID"), "utf8").trim();

/** The pages by Next, in this very process. */
export function openPages({
  dist,
  host,
  port,
  buildId,
  environmentName,
  sessionOf,
  hasAdmin,
}: Options): Pages {
  const answers = new AsyncLocalStorage<ServerResponse>();
  putHost({
    ...{ buildId, environmentName, sessionOf, hasAdmin },
    setStatus(status) {
      const response = answers.getStore();
      if (response) response.statusCode = status;
    },
  });
  // It would listen for upgrades on our server, past its checks; on this one nobody calls.
  const httpServer = createServer();
  const app = next({ dev: false, dir: dist, hostname: host, port, httpServer });
  let areReady = false;
  const ready = app.prepare().then(() => {
    areReady = true;
  });
  const failed = ready.then(() => new Promise<never>(() => undefined));
  // Who started us hears of it as soon as he listens, and so does each who asks for a page.
  failed.catch(() => undefined);

  return {
    areReady: () => areReady,
    failed,
    async answer(request, response) {
      await ready;
      for (const name of NOT_FROM_CLIENTS) Reflect.deleteProperty(request.headers, name);
      const nonce = randomBytes(16).toString("base64");
      const policy = pagePolicy(nonce);
      request.headers["content-security-policy"] = policy; // where Next looks for the nonce of its own scripts
      request.headers[NONCE_HEADER] = nonce;
      request.headers[PATH_HEADER] = request.url ?? "/";
      response.setHeader("content-security-policy", policy);
      await answers.run(response, () => app.getRequestHandler()(request, response));
    },
  };
}
