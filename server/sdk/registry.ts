import { insideOf, type DagInside, type LoadWarning } from "./inside";
import { loadError, type Place } from "./place";

/** A `task(...)` in a file. */
export interface Definition {
  used: boolean;
}

interface Load {
  readonly dags: Set<DagInside>;
  readonly tasks: { readonly id: string; readonly place: Place; readonly definition: Definition }[];
}

/** Only a loader child listens: a runtime that loads many bundles must not keep what it no longer needs. */
let load: Load | undefined;

/** From here on what a file makes is noted, so that `dagsOf` can say what it forgot. */
export function beginLoad(): void {
  load = { dags: new Set(), tasks: [] };
}

export function noteTask(id: string, place: Place): Definition {
  const definition = { used: false };
  load?.tasks.push({ id, place, definition });
  return definition;
}

export function noteDag(inside: DagInside): void {
  load?.dags.add(inside);
}

export interface Found {
  readonly dags: readonly { readonly exportName: string; readonly inside: DagInside }[];
  readonly warnings: readonly LoadWarning[];
}

/**
 * The DAGs that a file exports: by default, by name, in a list or record. Two with one id are a load error; what was
 * made and not exported, or defined and never called, since `beginLoad` is a warning.
 */
export function dagsOf(moduleExports: unknown): Found {
  const found = new Map<DagInside, string>();
  for (const [exportName, value] of exportsOf(moduleExports)) {
    for (const candidate of [value, ...valuesOf(value)]) {
      const inside = insideOf(candidate);
      if (inside && !found.has(inside)) found.set(inside, exportName);
    }
  }
  refuseTwins([...found.keys()]);
  const dags = Array.from(found, ([inside, exportName]) => ({ exportName, inside }));
  return { dags, warnings: [...notExported(found), ...neverCalled()] };
}

function exportsOf(moduleExports: unknown): [string, unknown][] {
  if (insideOf(moduleExports)) return [["default", moduleExports]];
  return typeof moduleExports === "object" && moduleExports !== null ? Object.entries(moduleExports) : [];
}

const valuesOf = (value: unknown): unknown[] =>
  typeof value === "object" && value !== null ? Object.values(value) : [];

function refuseTwins(dags: readonly DagInside[]): void {
  const seen = new Set<string>();
  for (const { id, stack } of dags) {
    if (seen.has(id)) {
      throw loadError("dag.duplicate_id", `This file has two DAGs called ${id}. Rename one.`, { stack });
    }
    seen.add(id);
  }
}

function notExported(found: ReadonlyMap<DagInside, string>): LoadWarning[] {
  return [...(load?.dags ?? [])]
    .filter((inside) => !found.has(inside))
    .map(({ id, stack }) => ({
      code: "dag.not_exported",
      sentence: `DAG ${id} is made here and not exported, so it does not exist for Vane. Export it.`,
      stack,
    }));
}

function neverCalled(): LoadWarning[] {
  return (load?.tasks ?? [])
    .filter(({ definition }) => !definition.used)
    .map(({ id, place }) => ({
      code: "task.never_called",
      sentence: `Task ${id} is defined here and never called, so no DAG has it. Call it in a dag() body.`,
      stack: place.stack,
    }));
}
