import { posix } from "node:path";

/** Where an import of ours leads, from the root and without extension; undefined for a package. */
export function resolveImport(from: string, specifier: string): string | undefined {
  if (specifier.startsWith(".")) return posix.join(posix.dirname(from), specifier);
  if (specifier === "vane") return "server/sdk/vane";
  if (specifier.startsWith("vane/")) return `server/sdk/${specifier.slice("vane/".length)}`;
  return undefined;
}
