import { readdirSync, readFileSync } from "node:fs";
import type { ProcessId } from "../domain/ids";

/** In the environment of a runtime and of all that it starts; the value begins with the worker's id. */
const MARK = "VANE_RUNTIME=";

/**
 * Kills what is left of a dead worker's runtimes on this host: they die by themselves when their worker's pipe closes,
 * but only their absence proves that its attempts are over (ENGINE section 3.1). True when nobody was found.
 */
export function endRuntimesOf(worker: ProcessId): boolean {
  const left = processes().filter((pid) => environmentOf(pid).includes(`${MARK}${worker}`));
  for (const pid of left) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // gone meanwhile
    }
  }
  return left.length === 0;
}

function processes(): number[] {
  try {
    return readdirSync("/proc").map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1");
  } catch {
    return ""; // gone, or a zombie, or another user's
  }
}
