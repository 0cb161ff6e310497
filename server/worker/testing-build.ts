import { build } from "esbuild";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { DagId } from "../domain/ids";

/** The runtime's entry as `npm run build` makes it. */
export async function buildRuntime(folder: string): Promise<string> {
  const outfile = path.join(folder, "runtime.cjs");
  await build({
    entryPoints: [path.resolve(import.meta.dirname, "../runtime/main.ts")],
    outfile,
    ...{ bundle: true, platform: "node", target: "node20", format: "cjs", logLevel: "error" },
  });
  return outfile;
}

interface Built {
  readonly code: string;
  readonly sourceMap: string;
  readonly file: string;
}

/** A bundle as the loader makes it. */
export async function buildBundle(projectFolder: string, name: string, source: string): Promise<Built> {
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

/** As the loader finds it: by building the DAG in a plain process, where stacks tell the lines of the source. */
export async function structureHashOf(
  folder: string,
  projectFolder: string,
  { file, code, sourceMap }: Built,
  dagId: DagId,
) {
  const asker = path.join(folder, "ask.cjs");
  await build({
    stdin: { contents: ASKER, resolveDir: import.meta.dirname, loader: "ts" },
    outfile: asker,
    ...{ bundle: true, platform: "node", target: "node20", format: "cjs", logLevel: "error" },
  });
  const input = JSON.stringify({ code, sourceMap, file: path.join(projectFolder, file), dagId });
  return execFileSync(process.execPath, [asker], { input, encoding: "utf8" });
}

const ASKER = `
import { readFileSync } from "node:fs";
import { structureHash } from "../sdk/structure-hash";
import { dagsOf } from "../sdk/registry";
import { loadBundle } from "../runtime/load-bundle";
import { sdk } from "../runtime/sdk";
const { dagId, ...bundle } = JSON.parse(readFileSync(0, "utf8"));
const { dags } = dagsOf(loadBundle({ ...bundle, bundlePath: bundle.file + ".cjs", sdk }));
process.stdout.write(structureHash(dags.find(({ inside }) => inside.id === dagId).inside.serialized));
`;

/** A worker as a process of its own, started with its options as JSON: for what only a dead or paused one shows. */
export async function buildWorkerProcess(folder: string): Promise<string> {
  const outfile = path.join(folder, "worker.cjs");
  await build({
    stdin: { contents: WORKER, resolveDir: import.meta.dirname, loader: "ts" },
    outfile,
    ...{ bundle: true, platform: "node", target: "node20", format: "cjs", logLevel: "error" },
  });
  return outfile;
}

const WORKER = `
import { silentLog } from "../platform/log";
import { startWorker } from "./main";
void startWorker({ ...JSON.parse(process.argv[2] ?? ""), log: silentLog }).then(() => process.send?.("listening"));
`;
