import { build } from "esbuild";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { DagId } from "../domain/ids";
import { structureHash } from "../domain/structure-hash";
import { exportedDags } from "../runtime/exported-dags";
import { loadBundle } from "../runtime/load-bundle";
import { sdk } from "../runtime/sdk";

/** The runtime's entry as `npm run build` makes it, in a folder of its own. */
export async function buildRuntime(): Promise<string> {
  const outfile = path.join(mkdtempSync(path.join(tmpdir(), "vane-runtime-")), "runtime.cjs");
  await build({
    entryPoints: [path.resolve(import.meta.dirname, "../runtime/main.ts")],
    outfile,
    ...{ bundle: true, platform: "node", target: "node20", format: "cjs", logLevel: "error" },
  });
  return outfile;
}

/** A bundle as the loader makes it. */
export async function buildBundle(projectFolder: string, name: string, source: string) {
  const file = path.join(projectFolder, name);
  writeFileSync(file, source);
  const { outputFiles } = await build({
    entryPoints: [file],
    outfile: path.join(projectFolder, "bundle.cjs"),
    external: ["vane", "vane/*"],
    sourcemap: "external",
    ...{ bundle: true, write: false, platform: "node", target: "node20", format: "cjs", logLevel: "error" },
  });
  const textOf = (ending: string) => outputFiles.find((output) => output.path.endsWith(ending))?.text ?? "";
  return { code: textOf(".cjs"), sourceMap: textOf(".map"), file: name };
}

/** As the loader finds it: by building the DAG once. */
export function structureHashOf(projectFolder: string, bundle: Awaited<ReturnType<typeof buildBundle>>, dagId: DagId) {
  const file = path.join(projectFolder, bundle.file);
  const exports = loadBundle({ ...bundle, file, bundlePath: `${file}.cjs`, sdk });
  const dag = exportedDags(exports).find(({ id }) => id === dagId);
  if (!dag) throw new Error(`The file exports no DAG ${dagId}.`);
  return structureHash(dag.serialized);
}
