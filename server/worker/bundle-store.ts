import { readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { BundleFiles } from "../runtime/bundles";
import { ownFolder } from "./objects";

export interface BundleStore {
  /** undefined: it has to be asked for. */
  find(hash: string): BundleFiles | undefined;
  keep(
    hash: string,
    found: { readonly code: string; readonly sourceMap: string; readonly file: string },
  ): BundleFiles;
}

const HASH = /^[A-Za-z0-9_-]{1,200}$/;
const PARTS = ["cjs", "map", "file"] as const;

/** Bundles by hash, in files that all workers of a home share; the least recently used go first. */
export function bundleStore(root: string, projectFolder: string, maxBytes: number): BundleStore {
  const folder = ownFolder(root);
  const known = new Map<string, BundleFiles>();

  const place = (hash: string, part: string) => path.join(folder, `${hash}.${part}`);
  const files = (hash: string, file: string): BundleFiles => ({
    codePath: place(hash, "cjs"),
    mapPath: place(hash, "map"),
    file: path.resolve(projectFolder, file),
  });

  function find(hash: string): BundleFiles | undefined {
    if (!HASH.test(hash)) return undefined;
    try {
      const now = new Date();
      for (const part of PARTS) utimesSync(place(hash, part), now, now);
      return known.get(hash) ?? files(hash, readFileSync(place(hash, "file"), "utf8"));
    } catch {
      return undefined;
    }
  }

  /** `file` is written last: where it stands, the others are whole. */
  function write(hash: string, part: (typeof PARTS)[number], text: string) {
    const draft = `${place(hash, part)}.${process.pid}`;
    writeFileSync(draft, text, { mode: 0o600 });
    renameSync(draft, place(hash, part));
  }

  function makeRoom() {
    const all = readdirSync(folder).flatMap((name) => {
      const stat = statSync(path.join(folder, name), { throwIfNoEntry: false });
      return stat ? [{ name, bytes: stat.size, usedMs: stat.mtimeMs }] : [];
    });
    let bytes = all.reduce((sum, file) => sum + file.bytes, 0);
    for (const file of all.sort((a, b) => a.usedMs - b.usedMs)) {
      if (bytes <= maxBytes) return;
      rmSync(path.join(folder, file.name), { force: true });
      known.delete(file.name.split(".")[0] ?? "");
      bytes -= file.bytes;
    }
  }

  return {
    find(hash) {
      const found = known.get(hash) ?? find(hash);
      if (found) known.set(hash, found);
      return found;
    },
    keep(hash, { code, sourceMap, file }) {
      if (!HASH.test(hash)) throw new Error(`${hash} is no bundle's hash.`);
      makeRoom();
      write(hash, "cjs", code);
      write(hash, "map", sourceMap);
      write(hash, "file", file);
      const kept = files(hash, file);
      known.set(hash, kept);
      return kept;
    },
  };
}
