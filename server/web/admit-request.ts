import type { IncomingHttpHeaders } from "node:http";
import { refusal, type Answer } from "./answer";
import { isOwnHost } from "./loopback";

/** What is looked at before anything is done for a request. */
export interface Asked {
  readonly method: string;
  /** As it stands in the first line. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
}

export type Admitted =
  | { readonly kind: "refused"; readonly answer: Answer }
  | { readonly kind: "health" | "ready" | "api" | "page" };

export const API_PATH = "/api/trpc";
const MAX_BODY_BYTES = 1_000_000;

/** Who may ask for what, as far as that can be seen without knowing who it is. */
export function admitRequest(asked: Asked, port: number): Admitted {
  const { headers, method } = asked;
  if (!isOwnHost(headers.host, port)) {
    return refused(421, `Ask for this server by its own address, 127.0.0.1:${port}.`);
  }
  const path = pathOf(asked.target);
  if (path === undefined) return refused(400, "This is no address of Vane's. Start from its first page.");
  const isApi = path.startsWith(`${API_PATH}/`);
  const reads = method === "GET" || method === "HEAD";
  if (!reads && !(isApi && method === "POST")) {
    const allow = isApi ? "GET, HEAD, POST" : "GET, HEAD";
    return refused(405, `${allow.replace(/, (\w+)$/, " and $1")} are answered here.`, { allow });
  }
  if (!reads) {
    const answer = refuseWrite(headers);
    if (answer) return { kind: "refused", answer };
  } else if (hasBody(headers)) {
    return refused(400, "A request that reads has no body.");
  }
  if (isApi) return { kind: "api" };
  // What is under /api and is none of it answers programs, not people.
  if (path === "/api" || path.startsWith("/api/")) return refused(404, "There is nothing here.");
  if (path === "/healthz") return { kind: "health" };
  if (path === "/readyz") return { kind: "ready" };
  return { kind: "page" };
}

/** A page of somebody else's makes a browser send these with our cookie, unless they are told apart here. */
function refuseWrite(headers: Asked["headers"]): Answer | undefined {
  if (headers.origin !== `http://${String(headers.host)}`) {
    return refusal(403, "This came from a page that is not Vane's. Do it on Vane's own page.");
  }
  if (!/^application\/json(;|$)/i.test(headers["content-type"] ?? "")) {
    return refusal(415, "Send JSON, with the content type application/json.");
  }
  const length = headers["content-length"];
  if (length === undefined) return refusal(411, "Say how long the body is: Content-Length is missing.");
  if (!(Number(length) <= MAX_BODY_BYTES)) {
    return refusal(413, `At most ${MAX_BODY_BYTES / 1_000_000} MB may be sent at once.`);
  }
  return undefined;
}

const hasBody = (headers: Asked["headers"]) =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;

/**
 * Undefined for whatever two readers could take for different things: another host (`//`, `/\`, `http://`), steps
 * upwards, encoded slashes, NUL and other control characters, broken encodings.
 */
function pathOf(target: string): string | undefined {
  const [path = ""] = target.split("?", 1);
  if (!path.startsWith("/") || path.includes("//") || path.includes("\\")) return undefined;
  try {
    const segments = path.split("/").map(decodeURIComponent);
    const isOdd = (text: string) => text === "." || text === ".." || /[\u0000-\u001f\u007f/\\]/.test(text);
    return segments.some(isOdd) ? undefined : path;
  } catch {
    return undefined;
  }
}

const refused = (...[status, sentence, headers]: Parameters<typeof refusal>): Admitted => ({
  kind: "refused",
  answer: refusal(status, sentence, headers),
});
