import { build, transform } from "esbuild";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";

it("shows errors at their own line for as long as a bundle is used, whatever is collected meanwhile", async () => {
  const folder = mkdtempSync(join(tmpdir(), "vane-bundle-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const outfile = join(folder, "load-bundle.cjs");
  const entry = { entryPoints: ["server/runtime/load-bundle.ts"], outfile };
  await build({ ...entry, bundle: true, platform: "node", format: "cjs", target: "node20" });

  const source = "\n\n\nexport const boom = (n: number) => {\n  throw new Error(`${n}`);\n};";
  const made = await transform(source, { loader: "ts", format: "cjs", sourcemap: "external" });
  const map = { ...(JSON.parse(made.map) as object), sources: ["boom.ts"] };
  const file = join(folder, "boom.ts");
  const bundle = {
    code: made.code,
    sourceMap: JSON.stringify(map),
    file,
    bundlePath: `${file}.cjs`,
    sdk: {},
  };
  writeFileSync(join(folder, "bundle.json"), JSON.stringify(bundle));
  writeFileSync(
    join(folder, "main.cjs"),
    `const { loadBundle } = require("./load-bundle.cjs");
     const { boom } = loadBundle(require("./bundle.json"));
     const show = () => { try { boom(1); } catch (error) { console.log(error.stack.split("\\n")[1]); } };
     show();
     gc();
     setImmediate(() => { gc(); setImmediate(show); });`,
  );
  const said = execFileSync(process.execPath, ["--expose-gc", join(folder, "main.cjs")], {
    encoding: "utf8",
  });
  const places = said
    .trim()
    .split("\n")
    .map((line) => /\((.*)\)/.exec(line)?.[1]);
  expect(places).toEqual([`${file}:5:9`, `${file}:5:9`]);
});
