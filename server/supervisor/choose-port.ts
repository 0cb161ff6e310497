import { VaneError } from "../platform/errors";
import { freePort, tryPort } from "./free-port";

export interface WantedPort {
  readonly number: number;
  /** By name, so that another one will not do. */
  readonly asked: boolean;
}

const NEIGHBOURS = 20;

/** The port, or for the default one the next that is free. */
export async function choosePort({ number, asked }: WantedPort, host: string): Promise<number> {
  if ((await tryPort(number, host)) !== undefined) return number;
  if (asked) {
    throw new VaneError(
      "port.taken",
      `Port ${number} is taken by another program. Choose another with --port or VANE_PORT, ` +
        "or leave both out, and Vane takes a free one.",
    );
  }
  for (let next = number + 1; next <= number + NEIGHBOURS; next++) {
    if ((await tryPort(next, host)) !== undefined) return next;
  }
  return freePort();
}
