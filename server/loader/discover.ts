import { readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";

export interface DagFolder {
  readonly path: string;
  /** Vane's own examples; `demo/` below another DAG folder is passed over unless it is named itself. */
  readonly demo?: boolean;
}

export interface Discovered {
  /** Absolute, in the order of their paths, each real file once. */
  readonly files: readonly string[];
  /** Every folder that was looked into, for the watch. */
  readonly folders: readonly string[];
}

const SKIPPED_FOLDERS = new Set(["include", "node_modules"]);
const DAG_FILE = /\.(ts|mts|js)$/;
const NO_DAG_FILE = /\.d\.m?ts$|\.test\.[^.]+$/;

const isDagFileName = (name: string) =>
  !name.startsWith(".") && DAG_FILE.test(name) && !NO_DAG_FILE.test(name);

/** Which files may define DAGs. What vanishes meanwhile, or cannot be read, is not there. */
export async function discover(dagFolders: readonly DagFolder[]): Promise<Discovered> {
  const roots = new Set(dagFolders.map((folder) => path.resolve(folder.path)));
  const files = new Map<string, string>();
  const folders = new Map<string, string>();

  async function lookInto(folder: string) {
    const real = await realpath(folder).catch(() => undefined);
    // By its real path, so that a symlink to a parent ends here.
    if (real === undefined || folders.has(real)) return;
    folders.set(real, folder);
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort(byName)) {
      const found = path.join(folder, entry.name);
      const kind = entry.isSymbolicLink() ? await stat(found).catch(() => undefined) : entry;
      if (kind?.isDirectory() && isDagFolder(entry.name, folder, found)) await lookInto(found);
      if (kind?.isFile() && isDagFileName(entry.name)) await take(found);
    }
  }

  function isDagFolder(name: string, parent: string, found: string) {
    if (name.startsWith(".") || SKIPPED_FOLDERS.has(name)) return false;
    return !(name === "demo" && roots.has(parent)) || roots.has(found);
  }

  async function take(file: string) {
    const real = await realpath(file).catch(() => undefined);
    if (real === undefined) return;
    const known = files.get(real);
    if (known === undefined || file < known) files.set(real, file);
  }

  for (const root of [...roots].sort()) await lookInto(root);
  return { files: [...files.values()].sort(), folders: [...folders.values()].sort() };
}

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
