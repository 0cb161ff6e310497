import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What Postgres writes about itself into its data folder: pid, folder, start, port, socket folder, address, memory, status. */
export interface PostmasterPid {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}

export function readPostmasterPid(data: string): PostmasterPid | undefined {
  try {
    const lines = readFileSync(join(data, "postmaster.pid"), "utf8").split("\n");
    const pid = Number(lines[0]);
    if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
    return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === "ready" };
  } catch {
    return undefined;
  }
}
