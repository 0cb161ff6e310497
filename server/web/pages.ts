import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import next from "next";
import type { Session } from "../auth/session";
import { NONCE_HEADER, PATH_HEADER, putHost } from "./host";
import { pagePolicy } from "./security-headers";

interface Options {
  /** Where `next/`, the built pages, and `next.config.mjs` lie. */
  readonly dist: string;
  readonly host: string;
  readonly port: number;
  readonly buildId: string;
  readonly environmentName: string;
  readonly sessionOf: (headers: Headers) => Promise<Session | undefined>;
}

export interface Pages {
  /** Rejects when they cannot be served. */
  readonly ready: Promise<void>;
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** Set by proxies, and there is none in front of us; or ours to set. */
const NOT_FROM_CLIENTS = [
  ...["x-forwarded-host", "x-forwarded-proto", "x-forwarded-port", "x-forwarded-for", "forwarded"],
  ...["content-security-policy", "content-security-policy-report-only", NONCE_HEADER, PATH_HEADER],
];

export const readBuildId = (dist: string) => readFileSync(join(dist, "next", "BUILD_ID"), "utf8").trim();

/** The pages by Next, in this very process. */
export function openPages({ dist, host, port, buildId, environmentName, sessionOf }: Options): Pages {
  const answers = new AsyncLocalStorage<ServerResponse>();
  putHost({
    ...{ buildId, environmentName, sessionOf },
    setStatus(status) {
      const response = answers.getStore();
      if (response) response.statusCode = status;
    },
  });
  const app = next({ dev: false, dir: dist, hostname: host, port, quiet: true });
  const ready = app.prepare();
  // Whoever awaits it hears of it; nobody may for a while.
  ready.catch(() => undefined);

  return {
    ready,
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
