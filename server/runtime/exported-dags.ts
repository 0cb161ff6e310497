import { insideOf, type DagInside } from "../sdk/inside";

/** Every DAG that a file exports: by name, as default, in a list or in a record. */
export function exportedDags(exports: unknown): DagInside[] {
  const found = new Set<DagInside>();
  const look = (value: unknown, depth: number) => {
    const inside = insideOf(value);
    if (inside) found.add(inside);
    else if (depth > 0 && typeof value === "object" && value !== null) {
      for (const part of Object.values(value)) look(part, depth - 1);
    }
  };
  look(exports, 2);
  return [...found];
}
