import { resolveImport } from "./resolve-import";
import type { SourceFacts } from "./source-facts";

/** Each import cycle once, as the files along it; the first one is named again at its end. */
export function findCycles(files: readonly SourceFacts[]): string[][] {
  const name = (path: string) => path.replace(/\.[a-z]+$/, "");
  const graph = new Map(
    files.map(({ path, imports }) => {
      const values = imports.filter(({ typeOnly }) => !typeOnly);
      return [name(path), values.flatMap(({ specifier }) => resolveImport(path, specifier) ?? [])] as const;
    }),
  );
  const cycles: string[][] = [];
  const done = new Set<string>();
  const trail: string[] = [];

  function walk(file: string): void {
    const start = trail.indexOf(file);
    if (start >= 0) cycles.push([...trail.slice(start), file]);
    if (start >= 0 || done.has(file)) return;
    trail.push(file);
    graph.get(file)?.forEach(walk);
    trail.pop();
    done.add(file);
  }
  [...graph.keys()].forEach(walk);
  return cycles;
}
