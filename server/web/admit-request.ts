import type { IncomingHttpHeaders } from "node:http";
import { API_PATH } from "../api/handler";
import { refusal, type Answer } from "./answer";
import { isOwnHost } from "./loopback";

/** What is looked at before anything is done for a request. */
export interface Asked {
  readonly method: string;
  /** As it stands in the first line. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** Each Host header: of two, another reader may take the other one. */
  readonly hosts: readonly string[];
}

export type Admitted =
  | { readonly kind: "refused"; readonly answer: Answer }
  | { readonly kind: "health" | "ready" | "api" | "page" };

/** Who may ask for what, as far as that can be seen without knowing who it is. */
export function admitRequest({ method, target, headers, hosts }: Asked, port: number): Admitted {
  const [host, ...others] = hosts;
  if (!isOwnHost(host, port) || others.length > 0) {
    return refused(421, `Ask for this server by its own address, 127.0.0.1:${port}.`);
  }
  const path = pathOf(target);
  if (path === undefined) return refused(400, "This is no address of Vane's. Start from its first page.");
  const isApi = path.startsWith(`${API_PATH}/`);
  const reads = method === "GET" || method === "HEAD";
  if (!reads && !isApi) return refused(405, "This can only be read, by GET or HEAD.", { allow: "GET, HEAD" });
  // Another page can make a browser send this with our cookie, but not under our name.
  if (!reads && headers.origin !== `http://${host}`) {
    return refused(403, "This came from a page that is not Vane's. Do it on Vane's own page.");
  }
  if (reads && hasBody(headers)) return refused(400, "A request that reads has no body.");
  if (isApi) return { kind: "api" };
  // What is under /api and is none of it answers programs, not people.
  if (path === "/api" || path.startsWith("/api/")) return refused(404, "There is nothing here.");
  if (path === "/healthz") return { kind: "health" };
  if (path === "/readyz") return { kind: "ready" };
  return { kind: "page" };
}

const hasBody = (headers: IncomingHttpHeaders) =>
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
