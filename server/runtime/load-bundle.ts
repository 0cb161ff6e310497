import Module, { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { resolveForImport } from "./resolve-import";

interface BundleToLoad {
  readonly code: string;
  /** As the bundler wrote it: its sources are relative to the folder of `file`. */
  readonly sourceMap: string;
  /** The DAG file the bundle was made from, absolute. It need not exist any more. */
  readonly file: string;
  /** The script's name where no source map applies; nothing is read from there. */
  readonly bundlePath: string;
  /** By the name that the author imports: `vane`, `vane/notify`. */
  readonly sdk: Readonly<Record<string, unknown>>;
}

/** Names that the bundler leaves in the code. A package that only the importing file sees carries its folder along. */
export const PLACE_FUNCTION = "__vane_place";
export const requireFromName = (folder: string, name: string) => `vane-from:${folder}|${name}`;
const REQUIRE_FROM = /^vane-from:([^|]*)\|(.*)$/s;

const SourceMap = z.looseObject({ mappings: z.string() });
const WRAPPER = `exports, require, module, __filename, __dirname, ${PLACE_FUNCTION}`;

/** Runs a bundle, user code and all, and returns what it exports. Loader children and runtimes only. */
export function loadBundle({ code, sourceMap, file, bundlePath, sdk }: BundleToLoad): unknown {
  process.setSourceMapsEnabled(true);
  const folder = path.dirname(file);
  const script = new Module(bundlePath) as Module & { _compile(content: string, filename: string): unknown };
  // Not vm: only modules have their source map read. Node forgets it when it collects the module, so that must live as
  // long as any function of the bundle: it is in the scope of all of them.
  script._compile(
    `const __vane_script = module; module.exports = function (${WRAPPER}) { __vane_script;\n${code}\n};\n${inlineMap(sourceMap, folder)}`,
    bundlePath,
  );

  const target: { exports: unknown } = { exports: {} };
  const run = script.exports as (...parts: unknown[]) => void;
  run.call(
    target.exports,
    target.exports,
    requireFor(file, sdk),
    target,
    file,
    folder,
    (relative: string) => {
      const source = path.resolve(folder, relative);
      return { file: source, dir: path.dirname(source), url: pathToFileURL(source).href };
    },
  );
  return target.exports;
}

/** One line lower for the wrapper's, and relative to where the source stands on this machine. */
function inlineMap(sourceMap: string, folder: string): string {
  const map = SourceMap.parse(JSON.parse(sourceMap));
  const sourceRoot = `${pathToFileURL(folder).href}/`;
  const placed = JSON.stringify({ ...map, sourceRoot, mappings: `;${map.mappings}` });
  return `//# sourceMappingURL=data:application/json;base64,${Buffer.from(placed).toString("base64")}`;
}

/** One SDK for all, whatever a package of that name in node_modules holds; all else as the source file would find it. */
function requireFor(file: string, sdk: BundleToLoad["sdk"]) {
  const requires = new Map<string, NodeJS.Require>();
  const requireOf = (folder: string) => {
    const found =
      requires.get(folder) ?? createRequire(path.resolve(path.dirname(file), folder, "source.js"));
    requires.set(folder, found);
    return found;
  };

  function answer(name: string): unknown {
    if (name === "vane" || name.startsWith("vane/")) {
      if (Object.hasOwn(sdk, name)) return sdk[name];
      throw new Error(`There is no "${name}" in this Vane: import from ${Object.keys(sdk).join(" or ")}.`);
    }
    const [, folder = "", bare = name] = REQUIRE_FROM.exec(name) ?? [];
    const require = requireOf(folder);
    try {
      return requireAny(require, bare);
    } catch (cause) {
      if (codeOf(cause) !== "ERR_REQUIRE_ASYNC_MODULE") throw cause;
      const sentence = `"${bare}", or a package that it imports, waits while it is loaded (top-level await), and Vane loads packages at once. Use a version that does not.`;
      throw new Error(sentence, { cause });
    }
  }
  const { resolve, cache, main } = requireOf("");
  return Object.assign(answer, { resolve, cache, main });
}

/** Whatever it exports to, "require" or "import". */
function requireAny(require: NodeJS.Require, name: string): unknown {
  try {
    return require(name);
  } catch (error) {
    if (codeOf(error) !== "ERR_PACKAGE_PATH_NOT_EXPORTED") throw error;
    const found = resolveForImport(name, require.resolve.paths(name) ?? []);
    if (found === undefined) throw error;
    return require(found);
  }
}

const codeOf = (error: unknown) => (error instanceof Error && "code" in error ? error.code : undefined);
