import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** Enough to prove, on the same machine, that a process is gone although its pid may live again as another one. */
export interface ProcessIdentity {
  readonly host: string;
  /** New at each boot; empty where the system does not tell (not Linux), and then nothing is ever proved. */
  readonly bootId: string;
  readonly pidNamespace: string;
  readonly pid: number;
  /** Start time in clock ticks since boot, as text. */
  readonly pidStart: string;
}

export function ownIdentity(): ProcessIdentity {
  return { host: hostname(), ...machine(), pid: process.pid, pidStart: pidStart(process.pid) ?? "" };
}

/** True only on proof: same boot, same pid namespace, and no such pid with that start time (or just a zombie). */
export function isProvenGone(identity: Omit<ProcessIdentity, "host">): boolean {
  const here = machine();
  if (!here.bootId || here.bootId !== identity.bootId || here.pidNamespace !== identity.pidNamespace)
    return false;
  return pidStart(identity.pid) !== identity.pidStart;
}

/** Start time of a live process; undefined when there is none (a zombie counts as none). */
export function pidStart(pid: number): string | undefined {
  try {
    // The command's name stands in parentheses and may hold any character, so count from the last one.
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function machine() {
  try {
    return {
      bootId: readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim(),
      pidNamespace: readlinkSync("/proc/self/ns/pid"),
    };
  } catch {
    return { bootId: "", pidNamespace: "" };
  }
}
