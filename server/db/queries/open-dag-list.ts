import type { Pool } from "pg";
import { query } from "../sql/statement";
import type { StructureHead } from "./dag-structure";
import { listDagSummaries, type DagSummaryRow } from "./list-dag-summaries";
import { loadStructures } from "./load-structures";

export type DagListEntry = DagSummaryRow & StructureHead;
export type DagList = () => Promise<DagListEntry[]>;

/**
 * Every DAG that a file defines, with what a list of them shows. Pages ask every few seconds; what a version says of itself
 * never changes and is read once: of 1,000 DAGs with 20 tasks it is 7 MB of JSON.
 */
export function openDagList(db: Pool): DagList {
  let known = new Map<string, StructureHead>();
  const keyOf = (of: { dagId: string; structureHash: string }) => `${of.dagId} ${of.structureHash}`;

  return async () => {
    const found = await query(db, listDagSummaries());
    const unknown = found.filter((dag) => !known.has(keyOf(dag)));
    const loaded = unknown.length === 0 ? [] : await query(db, loadStructures(unknown));
    const heads = new Map(loaded.map((version) => [keyOf(version), version.head]));
    const entries = found.flatMap((dag) => {
      const head = heads.get(keyOf(dag)) ?? known.get(keyOf(dag));
      // Deleted between the two reads.
      return head ? [{ ...dag, ...head }] : [];
    });
    known = new Map(entries.map((dag) => [keyOf(dag), { schedule: dag.schedule, settings: dag.settings }]));
    return entries;
  };
}
