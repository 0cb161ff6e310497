import { createHash } from "node:crypto";
import { canonicalJson } from "../domain/canonical-json";
import type { SerializedDag } from "../domain/serialized-dag";

/**
 * What the loader stores with a version and a runtime compares with the DAG that it built itself. Lines do not count:
 * they come from stacks, which a process without source maps reads otherwise.
 */
export function structureHash(dag: SerializedDag): string {
  const structure = { ...dag, nodes: dag.nodes.map((node) => ({ ...node, line: null })) };
  return createHash("sha256").update(canonicalJson(structure)).digest("hex");
}
