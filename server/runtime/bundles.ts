import { readFileSync } from "node:fs";
import path from "node:path";
import { structureHash } from "../sdk/structure-hash";
import type { DagInside } from "../sdk/inside";
import { dagsOf } from "../sdk/registry";
import { loadBundle } from "./load-bundle";

export interface BundleFiles {
  readonly codePath: string;
  readonly mapPath: string;
  /** The DAG file, absolute. */
  readonly file: string;
}

export interface LoadedDag {
  readonly inside: DagInside;
  readonly structureHash: string;
}

export interface Bundles {
  /** `fresh`: user code was just loaded, with whatever it does to the process. */
  dags(hash: string, files: BundleFiles): { readonly dags: readonly LoadedDag[]; readonly fresh: boolean };
}

/** What is loaded, most recently used last. Code of 64 MB is some 300 MB of a process. */
export function loadedBundles(sdk: Readonly<Record<string, unknown>>, maxBytes = 64 * 1024 * 1024): Bundles {
  const loaded = new Map<string, { dags: readonly LoadedDag[]; bytes: number }>();

  function makeRoom() {
    let bytes = [...loaded.values()].reduce((sum, bundle) => sum + bundle.bytes, 0);
    for (const [hash, bundle] of loaded) {
      if (bytes <= maxBytes || loaded.size === 1) return;
      loaded.delete(hash);
      bytes -= bundle.bytes;
    }
  }

  return {
    dags(hash, { codePath, mapPath, file }) {
      const known = loaded.get(hash);
      if (known) {
        loaded.delete(hash);
        loaded.set(hash, known);
        return { dags: known.dags, fresh: false };
      }
      const code = readFileSync(codePath, "utf8");
      const sourceMap = readFileSync(mapPath, "utf8");
      // Beside the source, so that stacks without a map and imports left in the code look where the author would.
      const bundlePath = path.join(path.dirname(file), `${path.basename(file)}.${hash.slice(0, 8)}.cjs`);
      const { dags: exported } = dagsOf(loadBundle({ code, sourceMap, file, bundlePath, sdk }));
      const dags = exported.map(({ inside }) => ({
        inside,
        structureHash: structureHash(inside.serialized),
      }));
      loaded.set(hash, { dags, bytes: code.length + sourceMap.length });
      makeRoom();
      return { dags, fresh: true };
    },
  };
}
