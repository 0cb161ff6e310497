import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

const CONDITIONS = new Set(["node", "import", "module-sync", "default"]);
const Manifest = z.object({ exports: z.unknown() });

/**
 * The file of a package whose `exports` speak to `import` alone. Node can `require` such a module, but its resolver
 * looks for the conditions of `require` and finds none.
 *
 * @param folders where packages are looked for, nearest first
 */
export function resolveForImport(name: string, folders: readonly string[]): string | undefined {
  const [, packageName, subpath = ""] = /^((?:@[^/]+\/)?[^/]+)(\/.*)?$/.exec(name) ?? [];
  if (packageName === undefined) return undefined;
  for (const folder of folders) {
    const root = path.join(folder, packageName);
    const target = exported(readManifest(root)?.exports, `.${subpath}`);
    if (target?.startsWith("./")) return path.join(root, target);
  }
  return undefined;
}

function readManifest(root: string) {
  try {
    return Manifest.parse(JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")));
  } catch {
    return undefined;
  }
}

function exported(exports: unknown, subpath: string): string | undefined {
  const bySubpath = isRecord(exports) && Object.keys(exports).some((key) => key.startsWith("."));
  if (!bySubpath) return subpath === "." ? target(exports) : undefined;
  if (Object.hasOwn(exports, subpath)) return target(exports[subpath]);
  for (const [pattern, value] of Object.entries(exports)) {
    const [before, after, more] = pattern.split("*");
    if (before === undefined || after === undefined || more !== undefined) continue;
    if (!subpath.startsWith(before) || !subpath.endsWith(after)) continue;
    return target(value)?.replaceAll("*", subpath.slice(before.length, subpath.length - after.length));
  }
  return undefined;
}

function target(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(target).find((found) => found !== undefined);
  if (!isRecord(value)) return undefined;
  return Object.entries(value)
    .filter(([condition]) => CONDITIONS.has(condition))
    .map(([, inner]) => target(inner))
    .find((found) => found !== undefined);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
