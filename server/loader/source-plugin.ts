import type { Loader, OnLoadResult, OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from "esbuild";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fingerprint, type Fingerprint } from "./fingerprint";
import { PLACE_FUNCTION, requireFromName } from "../runtime/load-bundle";

const LOADERS: Readonly<Record<string, Loader>> = {
  ".ts": "ts",
  ".mts": "ts",
  ".cts": "ts",
  ".tsx": "tsx",
  ".js": "js",
  ".mjs": "js",
  ".cjs": "js",
  ".jsx": "jsx",
  ".json": "json",
};

/** Every spelling of "where am I", and the variable that says it; a bundle stands elsewhere than its sources. */
export const PLACES = {
  "import.meta.url": "__vane_url",
  "import.meta.dirname": "__vane_dir",
  "import.meta.filename": "__vane_file",
  __dirname: "__vane_dir",
  __filename: "__vane_file",
} as const;
const ASKS_PLACE = /\bimport\.meta\b|\b__(?:dir|file)name\b/;

/** What the bundle was made of, by absolute path. Filled while it is built, also when it fails. */
export type Inputs = Map<string, Fingerprint>;

/** Marks our own question to esbuild's resolver, which would otherwise come back to us. */
const OWN_QUESTION = Symbol("own question");

/**
 * Decides what goes into the bundle (the user's own modules, workspace packages linked to sources) and what stays
 * outside (all that lives in a node_modules, native addons, `vane`).
 *
 * @param offsets by file: how many columns its first line was moved to the right
 */
export function sourcePlugin(dagFile: string, inputs: Inputs, offsets: Map<string, number>): Plugin {
  const base = path.dirname(dagFile);
  const relative = (file: string) => path.relative(base, file).replaceAll(path.sep, "/");
  const outside = new Map<string, Promise<OnResolveResult | undefined>>();

  async function load(file: string): Promise<OnLoadResult | undefined> {
    inputs.set(file, await fingerprint(file)); // before it is read: a change meanwhile is one afterwards
    const loader = LOADERS[path.extname(file)];
    if (!loader) return undefined;
    const text = await readFile(file, "utf8");
    if (loader === "json" || !ASKS_PLACE.test(text)) return { contents: text, loader };
    const { before, after } = afterShebang(text);
    const place = `var { file: __vane_file, dir: __vane_dir, url: __vane_url } = ${PLACE_FUNCTION}(${JSON.stringify(relative(file))}); `;
    // On the first line, so that no line number moves.
    if (before === "") offsets.set(file, place.length);
    return { contents: `${before}${place}${after}`, loader };
  }

  async function resolvePackage(
    build: PluginBuild,
    args: OnResolveArgs,
  ): Promise<OnResolveResult | undefined> {
    const ask = (resolveDir: string, kind = args.kind) => {
      return build.resolve(args.path, {
        kind,
        resolveDir,
        importer: args.importer,
        pluginData: OWN_QUESTION,
      });
    };
    let found = await ask(args.resolveDir);
    // A package that exports to `require` alone, which is what the bundle will do.
    if (found.errors.length > 0) found = await ask(args.resolveDir, "require-call");
    if (found.errors.length > 0) {
      // May stand in a try block: whether it is missed turns out when it is called.
      const lazy = args.kind === "require-call" || args.kind === "dynamic-import";
      return lazy
        ? { path: args.path, external: true }
        : { errors: [{ text: `Could not resolve "${args.path}"` }] };
    }
    if (found.external) return { path: args.path, external: true };
    if (!isInNodeModules(found.path) && LOADERS[path.extname(found.path)]) {
      return { path: found.path, namespace: found.namespace };
    }
    if (args.resolveDir === base || args.path.startsWith("node:")) return { path: args.path, external: true };
    const fromDagFile = await ask(base);
    if (fromDagFile.errors.length === 0 && fromDagFile.path === found.path)
      return { path: args.path, external: true };
    return { path: requireFromName(relative(args.resolveDir), args.path), external: true };
  }

  return {
    name: "vane-source",
    setup(build) {
      build.onLoad({ filter: /.*/, namespace: "file" }, (args) => load(args.path));
      build.onResolve({ filter: /^vane(\/|$)/ }, (args) => ({ path: args.path, external: true }));
      build.onResolve({ filter: /^\..*\.node$|^\/.*\.node$/ }, (args) => ({
        path: requireFromName(relative(args.resolveDir), args.path),
        external: true,
      }));
      build.onResolve({ filter: /^[^./]/ }, (args) => {
        if (args.pluginData === OWN_QUESTION || args.kind === "entry-point") return undefined;
        if (args.kind === "require-resolve") return { path: args.path, external: true };
        const key = JSON.stringify([args.path, args.resolveDir, args.kind]);
        const answer = outside.get(key) ?? resolvePackage(build, args);
        outside.set(key, answer);
        return answer;
      });
    },
  };
}

const isInNodeModules = (file: string) => file.split(path.sep).includes("node_modules");

function afterShebang(text: string) {
  const end = text.startsWith("#!") ? text.indexOf("\n") + 1 : 0;
  return { before: text.slice(0, end), after: text.slice(end) };
}
