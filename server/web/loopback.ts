import { VaneError } from "../platform/errors";

const LOOPBACK = new Set(["127.0.0.1", "localhost", "::1"]);

/** Beyond this machine only with a login, a secret and https. There is no login yet. */
export function requireLoopback(host: string): void {
  if (LOOPBACK.has(host)) return;
  throw new VaneError(
    "input.invalid",
    `VANE_HOST=${host} would open Vane to the network, and it has no login yet. ` +
      "Leave VANE_HOST out, and reach it from elsewhere by an SSH tunnel (ssh -L 8080:127.0.0.1:8080 this-machine).",
  );
}

/** Else any page on the net could make a browser talk to us under a name of its own (DNS rebinding). */
export function isOwnHost(header: string | undefined, port: number): boolean {
  return [...LOOPBACK].some((host) => header === `${host.includes(":") ? `[${host}]` : host}:${port}`);
}
