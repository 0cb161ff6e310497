import type { ProcessId } from "../domain/ids";
import { killMarked } from "../runtime/survivors";

/**
 * Kills what is left of a dead worker's runtimes on this host: they die by themselves when their worker's pipe closes,
 * but only their absence proves that its attempts are over (ENGINE section 3.1). True when nobody was found.
 */
export const endRuntimesOf = (worker: ProcessId): boolean => killMarked(worker);
