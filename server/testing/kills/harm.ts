import { setTimeout as wait } from "node:timers/promises";
import { signalProcess } from "../../supervisor/process-table";
import type { KillsSystem } from "./system";

export const VICTIMS = ["scheduler", "worker", "runtime", "postgres", "supervisor"] as const;
export type Victim = (typeof VICTIMS)[number];

/** SIGKILL, or SIGSTOP and, some limits later, SIGCONT. */
export type Harm =
  | { readonly how: "kill"; readonly victim: Victim }
  | { readonly how: "stop"; readonly victim: Victim; readonly forMs: number };

/** Past each of ENGINE's limits: a scheduler's 10 s; a worker's 90 and 120 s, a runtime's 100 s; 60 s of an outage. */
const PAST_MS: Readonly<Record<Victim, readonly number[]>> = {
  scheduler: [12_000, 20_000, 40_000],
  worker: [95_000, 105_000, 125_000],
  runtime: [95_000, 105_000, 125_000],
  postgres: [20_000, 60_000, 125_000],
  supervisor: [20_000, 60_000, 125_000],
};

/** @param nth which of the limits it is to pass */
export const pauseOf = (victim: Victim, nth: number): number =>
  PAST_MS[victim][nth % PAST_MS[victim].length] ?? 0;

export async function doHarm(system: KillsSystem, harm: Harm, random: () => number): Promise<void> {
  const pids = victimsOf(system, harm, random);
  if (harm.how === "kill") {
    for (const pid of pids) signalProcess(pid, "SIGKILL");
    if (harm.victim === "supervisor") await system.startAgain();
    return;
  }
  await pausingFor(pids, harm.forMs);
}

/** At least so long, and until all that was to happen meanwhile has. */
export const pausingFor = (pids: readonly number[], ms: number, ...meanwhile: Promise<unknown>[]) =>
  pausing(pids, () => Promise.all([wait(ms), ...meanwhile]));

/** They stand still until that is over. */
export async function pausing(pids: readonly number[], meanwhile: () => Promise<unknown>): Promise<void> {
  for (const pid of pids) signalProcess(pid, "SIGSTOP");
  try {
    await meanwhile();
  } finally {
    for (const pid of pids) signalProcess(pid, "SIGCONT");
  }
}

/** One of each kind; but of Postgres all processes, and of runtimes those that are to stand still. */
function victimsOf(system: KillsSystem, { victim, how }: Harm, random: () => number): number[] {
  if (victim === "supervisor") return [system.vane().pid];
  const pids = system.pidsOf(victim);
  if (victim === "postgres" || (victim === "runtime" && how === "stop")) return pids;
  return pids.slice(Math.floor(random() * pids.length)).slice(0, 1);
}
