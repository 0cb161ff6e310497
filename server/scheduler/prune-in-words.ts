import { bytesInWords } from "../domain/bytes-in-words";
import type { PruneCounts } from "./prune";

type Counted = Exclude<keyof PruneCounts, "trouble" | "logBytes">;

const NAMES: Readonly<Record<Counted, readonly [one: string, many: string]>> = {
  runs: ["run", "runs"],
  logs: ["log", "logs"],
  objects: ["run's stored results", "runs' stored results"],
  versions: ["version of a DAG", "versions of DAGs"],
  bundles: ["bundle", "bundles"],
  alerts: ["delivered alert", "delivered alerts"],
  commands: ["answered command", "answered commands"],
  inbox: ["word to an owner", "words to owners"],
  processes: ["process that is gone", "processes that are gone"],
  audit: ["audit event", "audit events"],
  sessions: ["session that is over", "sessions that are over"],
  limits: ["count of wrong passwords", "counts of wrong passwords"],
  links: ["link that is over", "links that are over"],
};

/** `12 runs, 340 logs (1.2 GB), 1 bundle`; empty when there is nothing. */
export function goneInWords(counts: PruneCounts): string {
  return (Object.keys(NAMES) as Counted[])
    .filter((kind) => counts[kind] > 0)
    .map((kind) => {
      const [one, many] = NAMES[kind];
      const size = kind === "logs" ? ` (${bytesInWords(counts.logBytes)})` : "";
      return `${counts[kind].toLocaleString("en")} ${counts[kind] === 1 ? one : many}${size}`;
    })
    .join(", ");
}
