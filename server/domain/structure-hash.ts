import { createHash } from "node:crypto";
import { canonicalJson } from "./canonical-json";
import type { SerializedDag } from "./serialized-dag";

/** What the loader stores with a version and a runtime compares with the DAG that it built itself. */
export function structureHash(dag: SerializedDag): string {
  return createHash("sha256").update(canonicalJson(dag)).digest("hex");
}
