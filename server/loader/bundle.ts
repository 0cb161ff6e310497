import { build, stop, type BuildFailure, type Message } from "esbuild";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Clock } from "../platform/clock";
import { fingerprint, sizeOf } from "./fingerprint";
import { importError, type ImportError } from "./import-error";
import { PLACES, sourcePlugin, type Inputs } from "./source-plugin";

export interface Bundle {
  /** SHA-256 over code and source map, the same on every machine. */
  readonly hash: string;
  readonly code: string;
  /** Its sources are relative to the folder of the DAG file. */
  readonly sourceMap: string;
}

/** `inputs`: what it was made of, so far as that is known when it fails. */
export type Bundled =
  | { readonly kind: "bundled"; readonly bundle: Bundle; readonly inputs: Inputs }
  | { readonly kind: "failed"; readonly error: ImportError; readonly inputs: Inputs };

export interface Bundler {
  /** @param file a DAG file, absolute */
  bundle(file: string): Promise<Bundled>;
  close(): Promise<void>;
}

const MAX_FILE_BYTES = 10_000_000;
const MAX_BUNDLE_BYTES = 30_000_000;
/** esbuild's service holds some 15 MB and starts in 20 to 40 ms. */
const IDLE_MS = 10_000;

export function openBundler(clock: Clock): Bundler {
  let running = 0;
  let callOff = () => {};

  return {
    async bundle(file) {
      callOff();
      running += 1;
      try {
        return await bundleFile(file);
      } finally {
        running -= 1;
        if (running === 0) callOff = clock.wakeAfter(IDLE_MS, () => void stop());
      }
    },
    async close() {
      callOff();
      await stop();
    },
  };
}

async function bundleFile(file: string): Promise<Bundled> {
  const inputs: Inputs = new Map();
  const offsets = new Map<string, number>();
  const failed = (error: ImportError): Bundled => ({ kind: "failed", error, inputs });
  const found = await fingerprint(file);
  inputs.set(file, found);
  if (sizeOf(found) > MAX_FILE_BYTES) {
    const megabytes = Math.ceil(sizeOf(found) / 1_000_000);
    return failed(
      importError(
        "import.too_big",
        `the file has ${megabytes} MB, more than the ${MAX_FILE_BYTES / 1_000_000} MB that a DAG file may have. Keep data in files that tasks read.`,
      ),
    );
  }
  const folder = path.dirname(file);
  try {
    const built = await build({
      entryPoints: [file],
      // All paths that reach the output are relative to this folder: nothing of the machine gets into the hash.
      absWorkingDir: folder,
      outfile: path.join(folder, "bundle.cjs"),
      write: false,
      bundle: true,
      format: "cjs",
      platform: "node",
      target: "node20",
      sourcemap: "external",
      sourcesContent: true,
      legalComments: "none",
      logLevel: "silent",
      define: PLACES,
      // `require` can load ES modules too, and unlike `import()` it is ours to answer.
      supported: { "dynamic-import": false },
      plugins: [sourcePlugin(file, inputs, offsets)],
    });
    const text = (ending: string) =>
      built.outputFiles.find((output) => output.path.endsWith(ending))?.text ?? "";
    const [code, sourceMap] = [text("bundle.cjs"), text("bundle.cjs.map")];
    const problem = codeProblem(code, sourceMap);
    if (problem) return failed(problem);
    const hash = createHash("sha256").update(code).update("\0").update(sourceMap).digest("hex");
    return { kind: "bundled", bundle: { hash, code, sourceMap }, inputs };
  } catch (error) {
    const message = isBuildFailure(error) ? error.errors[0] : undefined;
    if (!message) throw error;
    followMissing(message, folder, inputs);
    return failed(await explain(message, folder, offsets));
  }
}

function codeProblem(code: string, sourceMap: string): ImportError | undefined {
  if (code.length + sourceMap.length > MAX_BUNDLE_BYTES) {
    const most = MAX_BUNDLE_BYTES / 1_000_000;
    return importError(
      "import.too_big",
      `with all its modules the file makes a bundle of more than ${most} MB. Import less, or lazily from node_modules.`,
    );
  }
  if (code.includes("\0")) {
    return importError("import.nul", "the code holds a NUL character. Write it as \\0.");
  }
  return undefined;
}

async function explain({ text, location }: Message, folder: string, offsets: ReadonlyMap<string, number>) {
  if (!location) return importError("import.not_bundled", `${text}.`);
  const file = path.resolve(folder, location.file);
  const moved = location.line === 1 ? (offsets.get(file) ?? 0) : 0;
  const place = { file, line: location.line, col: location.column + 1 - moved };
  const source = await readFile(file, "utf8").catch(() => location.lineText);
  return importError(...sentence(text), { place, source });
}

/** The folders where a missing module would appear, up to one that is there. (No file: their fingerprint stays "".) */
function followMissing({ text, location }: Message, folder: string, inputs: Inputs) {
  const [, name] = NOT_FOUND.exec(text) ?? [];
  if (!location || !name?.startsWith(".")) return;
  let missing = path.resolve(folder, path.dirname(location.file), name);
  do {
    missing = path.dirname(missing);
    inputs.set(missing, "");
  } while (!existsSync(missing));
}

const NOT_FOUND = /^Could not resolve "(.*)"$/s;

function sentence(text: string): [code: string, what: string] {
  if (text.startsWith("Top-level await")) {
    return ["import.top_level_await", "top-level await: a DAG file is loaded at once. Move it into a task."];
  }
  const [, name] = NOT_FOUND.exec(text) ?? [];
  if (name === undefined) return ["import.syntax", `${text}.`];
  const advice = /^[./]/.test(name) ? "Look at the path." : "Install it, or look at the name.";
  return ["import.not_found", `"${name}" is not found. ${advice}`];
}

const isBuildFailure = (error: unknown): error is BuildFailure =>
  error instanceof Error && "errors" in error && Array.isArray(error.errors);
