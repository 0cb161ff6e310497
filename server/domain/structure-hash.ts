import { createHash } from "node:crypto";
import { canonicalJson } from "./canonical-json";
import type { SerializedDag } from "./serialized-dag";

/** A runtime asks for each attempt; a DAG of 2,000 tasks takes 20 ms to hash. */
const known = new WeakMap<SerializedDag, string>();

/** What the loader stores with a version and a runtime compares with the DAG that it built itself. */
export function structureHash(dag: SerializedDag): string {
  const cached = known.get(dag);
  if (cached !== undefined) return cached;
  const hash = createHash("sha256").update(canonicalJson(dag)).digest("hex");
  known.set(dag, hash);
  return hash;
}
