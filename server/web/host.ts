import type { Session } from "../auth/session";

/*
 * What pages ask of the web process around them. Next's build is a program of its own that shares no module with ours, so
 * the two meet in one object that main.ts puts here before it opens Next.
 */
export interface WebHost {
  /** Also in the header x-vane-build of each answer: another one means that a page is older than the server. */
  readonly buildId: string;
  /** Shown beside the logo, so that people know where they are. */
  readonly environmentName: string;
  sessionOf(headers: Headers): Promise<Session | undefined>;
  hasAdmin(): Promise<boolean>;
  /** Of the answer that is being rendered. */
  setStatus(status: number): void;
}

/** Request headers that our server sets, whatever a client has sent. */
export const NONCE_HEADER = "x-vane-nonce";
export const PATH_HEADER = "x-vane-path";

const KEY = Symbol.for("vane.web");
type Global = typeof globalThis & { [KEY]?: WebHost };

export function putHost(host: WebHost): void {
  (globalThis as Global)[KEY] = host;
}

export function hostOf(): WebHost {
  const host = (globalThis as Global)[KEY];
  if (!host) throw new Error("Pages are served by Vane's own web server only.");
  return host;
}
