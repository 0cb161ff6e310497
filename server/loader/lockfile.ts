import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";

const LOCKFILES = ["package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock"];

export interface Lockfile {
  /** Undefined where the project has none. */
  readonly file: string | undefined;
  /** Which packages a DAG's code finds: part of its version. */
  readonly hash: string;
}

/** The nearest lockfile, upwards: a workspace keeps one for all its packages. */
export async function readLockfile(projectFolder: string): Promise<Lockfile> {
  for (let folder = path.resolve(projectFolder); ; folder = path.dirname(folder)) {
    for (const name of LOCKFILES) {
      const file = path.join(folder, name);
      const content = await readFile(file).catch(() => undefined);
      if (content) return { file, hash: createHash("sha256").update(content).digest("hex") };
    }
    if (folder === path.dirname(folder)) return { file: undefined, hash: "none" };
  }
}
