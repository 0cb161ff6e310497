import { VaneError } from "../platform/errors";

const LOOPBACK = new Set(["127.0.0.1", "localhost", "::1"]);

/** Beyond this machine passwords and sessions travel by https or not at all, and there is no https yet. */
export function requireLoopback(host: string): void {
  if (LOOPBACK.has(host)) return;
  throw new VaneError(
    "input.invalid",
    `VANE_HOST=${host} would send passwords over the network in clear: Vane does not speak https yet. ` +
      "Leave VANE_HOST out, and reach it from elsewhere by an SSH tunnel (ssh -L 8080:127.0.0.1:8080 this-machine).",
  );
}

/** Else any page on the net could make a browser talk to us under a name of its own (DNS rebinding). */
export function isOwnHost(header: string | undefined, port: number): header is string {
  return [...LOOPBACK].some((host) => header === `${host.includes(":") ? `[${host}]` : host}:${port}`);
}
