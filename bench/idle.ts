import { readdirSync, readFileSync } from "node:fs";
import { postgresFolder } from "../server/supervisor/postgres-place";
import { commandLine } from "../server/supervisor/process-table";
import type { System } from "./system";
import type { Workload } from "./workload";

const WATCH_MS = 20_000;
const TICKS_PER_SECOND = 100;

/** Memory of the whole stack, Postgres included, some time after it came up with nothing to do. */
export const idle: Workload = {
  name: "idle",
  title: "idle memory (PSS) of all processes, Postgres included",
  unit: "MB",
  target: "<= 300 MB",
  files: {},
  async measure(system) {
    const before = cpuTicks(system);
    await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
    lastCpu = ((cpuTicks(system) - before) / TICKS_PER_SECOND / (WATCH_MS / 1_000)) * 100;
    return processesOf(system).reduce((sum, pid) => sum + pssKb(pid), 0) / 1_024;
  },
  check: (system) =>
    Promise.resolve({
      cpu_percent_of_a_core: lastCpu,
      start_ms: system.startMs,
      processes: Object.fromEntries(
        processesOf(system).map((pid) => [
          `${pid} ${commandLine(pid)?.split(" ").slice(0, 2).join(" ").split("/").at(-1) ?? ""}`,
          Math.round(pssKb(pid) / 1_024),
        ]),
      ),
    }),
};

let lastCpu = NaN;

function processesOf({ pid, home }: System): number[] {
  const all = readdirSync("/proc").map(Number).filter(Number.isInteger);
  const data = postgresFolder(home);
  const roots = [pid, ...all.filter((other) => commandLine(other)?.includes(data))];
  const found = new Set(roots);
  // A Set that grows while it is walked is the whole search.
  for (const parent of found)
    for (const other of all) if (fieldsOf(other)[1] === String(parent)) found.add(other);
  return [...found];
}

const cpuTicks = (system: System) =>
  processesOf(system).reduce((sum, pid) => {
    const fields = fieldsOf(pid);
    return sum + Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  }, 0);

/** Of /proc/pid/stat, from the state on. */
function fieldsOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}

function pssKb(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "latin1"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
