import type { IncomingMessage, ServerResponse } from "node:http";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { TRPC_ERROR_CODES_BY_KEY } from "@trpc/server/rpc";
import { openDagList } from "../db/queries/open-dag-list";
import { ERRORS, toVaneError, VaneError } from "../platform/errors";
import type { Log } from "../platform/log";
import { makeContext, type ContextOptions } from "./context";
import { checkInput, readBody } from "./read-input";
import { appRouter } from "./root";
import { shownError, wrongMethod } from "./shown-error";

export const API_PATH = "/api/trpc";

export interface ApiOptions extends Omit<ContextOptions, "dagList"> {
  readonly log: Log;
}

interface Answer {
  readonly status: number;
  readonly cookies: readonly string[];
  readonly body: string;
}

const MAX_BATCH = 20;
/** What a client sends to be answered bit by bit: then cookies would come too late. */
const NOT_PASSED_ON = new Set(["accept", "trpc-accept"]);

/**
 * tRPC under `/api/trpc`, for a server that has checked Host and Origin. It never rejects: whatever happens is answered.
 * Headers that every answer of that server has are set on the response before.
 */
export function apiHandler(options: ApiOptions) {
  const { log, db } = options;
  const contextOptions = { ...options, dagList: openDagList(db) };

  async function answer(request: IncomingMessage): Promise<Answer> {
    const url = urlOf(request);
    if (request.method === "GET") {
      const input = url.searchParams.get("input");
      if (input !== null) checkInput(input);
      return call(request, new Request(url, { headers: headersOf(request) }));
    }
    if (request.method === "POST") {
      const body = await readBody(request);
      return call(request, new Request(url, { method: "POST", headers: headersOf(request), body }));
    }
    throw wrongMethod();
  }

  async function call(arrived: IncomingMessage, req: Request): Promise<Answer> {
    const caller = {
      address: arrived.socket.remoteAddress ?? "unknown",
      userAgent: (arrived.headers["user-agent"] ?? "").slice(0, 500),
    };
    const response = await fetchRequestHandler({
      endpoint: API_PATH,
      router: appRouter,
      req,
      maxBatchSize: MAX_BATCH,
      createContext: ({ resHeaders }) =>
        makeContext(contextOptions, {
          headers: req.headers,
          caller,
          sendCookies(cookies) {
            for (const cookie of cookies) resHeaders.append("set-cookie", cookie);
          },
        }),
      onError({ error, path }) {
        note(shownError(error), path);
      },
    });
    return {
      ...{ status: response.status, cookies: response.headers.getSetCookie() },
      body: await response.text(),
    };
  }

  function note({ code, id, sentence, detail, cause }: VaneError, path = "") {
    const fields = { code, errorId: id, path, ...detail };
    if (ERRORS[code].http < 500) log.debug(fields, sentence);
    else log.error({ ...fields, stack: cause instanceof Error ? cause.stack : undefined }, sentence);
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { status, cookies, body } = await answer(request).catch((thrown: unknown) => {
      const error = toVaneError(thrown);
      note(error);
      return inTrpcsShape(error);
    });
    if (!request.complete) response.setHeader("connection", "close");
    request.resume();
    response.setHeader("cache-control", "no-store");
    response.setHeader("content-type", "application/json; charset=utf-8");
    if (cookies.length > 0) response.setHeader("set-cookie", cookies);
    if (status === 405) response.setHeader("allow", "GET, POST");
    response.writeHead(status).end(body);
  };
}

/** Of a request that never got as far as tRPC. */
function inTrpcsShape({ code, sentence, id }: VaneError): Answer {
  const { http, trpc } = ERRORS[code];
  const error = { message: sentence, code: TRPC_ERROR_CODES_BY_KEY[trpc], data: { code, errorId: id } };
  return { status: http, cookies: [], body: JSON.stringify({ error }) };
}

/** The host is of no interest any more, and must not be able to break anything. */
function urlOf({ url = "/" }: IncomingMessage): URL {
  try {
    return new URL(`http://vane${url.startsWith("/") ? url : "/"}`);
  } catch (cause) {
    throw new VaneError("request.malformed", "Vane cannot read this address.", { cause });
  }
}

function headersOf({ headers }: IncomingMessage): Headers {
  const passed = Object.entries(headers).filter(([name]) => !NOT_PASSED_ON.has(name));
  return new Headers(
    passed.flatMap(([name, value]) => [value ?? []].flat().map((one): [string, string] => [name, one])),
  );
}
