import { hasRoom } from "./has-room";
import type { Candidate, Verdict } from "./rule";

export function workerSlot({ workers: { count, slots, busy } }: Candidate): Verdict {
  const rule = "worker_slot";
  if (count === 0) return { rule, met: false, reason: "No worker is there. Is Vane's worker running?" };
  const used = `${busy} of ${slots} worker slots are taken`;
  return hasRoom(busy, slots)
    ? { rule, met: true, reason: `${used}.` }
    : { rule, met: false, reason: `${used}. It starts when one comes free.` };
}
