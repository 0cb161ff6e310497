/*
 * Writes the SDK's types for those who install the package: `node server/sdk/declarations.mjs [folder]`, by default
 * dist/sdk/types. As .d.cts with file names in full: right for ESM and CommonJS, under nodenext and bundler.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

export function writeDeclarations(folder = join(ROOT, "dist", "sdk", "types")) {
  const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
  const emitOnly = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    stripInternal: true,
    outDir: folder,
    rootDir: join(ROOT, "server"),
  };
  const entries = ["vane.ts", "notify.ts"].map((file) => join(ROOT, "server", "sdk", file));
  const program = ts.createProgram(entries, { ...options, ...emitOnly });
  const texts = new Map();
  const { diagnostics } = program.emit(
    undefined,
    (file, text) => texts.set(resolve(file), text),
    undefined,
    true,
  );
  if (diagnostics.length > 0) throw new Error(ts.formatDiagnostics(diagnostics, HOST));

  rmSync(folder, { recursive: true, force: true });
  // Only what the entries reach: the rest of Vane has types of its own that nobody outside needs.
  const open = ["vane", "notify"].map((name) => join(folder, "sdk", `${name}.d.ts`));
  for (const file of new Set(reachable(open, texts))) {
    const target = file.replace(/\.d\.ts$/, ".d.cts");
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(
      target,
      texts.get(file).replace(RELATIVE, (_all, quote, path) => `${quote}${path}.cjs"`),
    );
  }
}

const RELATIVE = /((?:from|import) ?\(?")(\.[^"]*)"/g;
const HOST = {
  getCanonicalFileName: (file) => file,
  getCurrentDirectory: () => ROOT,
  getNewLine: () => "\n",
};

function reachable(files, texts) {
  const found = new Set(files);
  for (const file of found) {
    for (const [, , path] of texts.get(file).matchAll(RELATIVE))
      found.add(resolve(dirname(file), `${path}.d.ts`));
  }
  return found;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2];
  writeDeclarations(folder && resolve(folder));
  console.log(`Types of the SDK: ${relative(process.cwd(), folder ?? join(ROOT, "dist", "sdk", "types"))}`);
}
