import { readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Clock } from "../platform/clock";
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

/** Other workers of the home make room, too: what this one knows is looked for again, and marked as used, this often. */
const LOOK_MS = 60_000;
/** Used lately, perhaps by another worker, and perhaps about to be read by a runtime. */
const SPARED_MS = 600_000;

/** Bundles by hash, in files that all workers of a home share; the least recently used go first. */
export function bundleStore(
  root: string,
  projectFolder: string,
  maxBytes: number,
  clock: Pick<Clock, "now">,
): BundleStore {
  const folder = ownFolder(root);
  const known = new Map<string, { readonly files: BundleFiles; readonly lookedMs: number }>();
  const nowMs = () => clock.now().getTime();

  const place = (hash: string, part: string) => path.join(folder, `${hash}.${part}`);
  const files = (hash: string, file: string): BundleFiles => ({
    codePath: place(hash, "cjs"),
    mapPath: place(hash, "map"),
    file: path.resolve(projectFolder, file),
  });

  function find(hash: string): BundleFiles | undefined {
    if (!HASH.test(hash)) return undefined;
    const kept = known.get(hash);
    if (kept && nowMs() - kept.lookedMs < LOOK_MS) return kept.files;
    try {
      touch(hash);
      return remember(hash, kept?.files ?? files(hash, readFileSync(place(hash, "file"), "utf8")));
    } catch {
      known.delete(hash);
      return undefined;
    }
  }

  function touch(hash: string) {
    const now = clock.now();
    for (const part of PARTS) utimesSync(place(hash, part), now, now);
  }

  function remember(hash: string, found: BundleFiles): BundleFiles {
    known.set(hash, { files: found, lookedMs: nowMs() });
    return found;
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
      if (bytes <= maxBytes || nowMs() - file.usedMs < SPARED_MS) return;
      rmSync(path.join(folder, file.name), { force: true });
      known.delete(file.name.split(".")[0] ?? "");
      bytes -= file.bytes;
    }
  }

  return {
    find,
    keep(hash, { code, sourceMap, file }) {
      if (!HASH.test(hash)) throw new Error(`${hash} is no bundle's hash.`);
      makeRoom();
      write(hash, "cjs", code);
      write(hash, "map", sourceMap);
      write(hash, "file", file);
      touch(hash);
      return remember(hash, files(hash, file));
    },
  };
}
