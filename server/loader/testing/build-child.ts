import { build } from "esbuild";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "vitest";

/** The child's entry as `npm run build` makes it, of the sources as they are now. */
export async function buildChild(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "vane-child-"));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const outfile = path.join(folder, "loader-child.cjs");
  await build({
    entryPoints: ["server/loader/child.ts"],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    logLevel: "silent",
  });
  return outfile;
}
