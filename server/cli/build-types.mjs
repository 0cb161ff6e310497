/*
 * The SDK's declarations, for those who install the package: `node server/cli/build-types.mjs`, after the build.
 * Sources name no extensions, which a consumer under nodenext would need, so they are put in here.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const OUT = join(ROOT, "dist", "sdk", "types");

const config = {
  extends: join(ROOT, "tsconfig.json"),
  compilerOptions: {
    ...{ noEmit: false, declaration: true, emitDeclarationOnly: true },
    ...{ rootDir: join(ROOT, "server"), outDir: OUT, typeRoots: [join(ROOT, "node_modules", "@types")] },
  },
  files: ["vane", "notify"].map((name) => join(ROOT, "server", "sdk", `${name}.ts`)),
  include: [],
};

const folder = mkdtempSync(join(ROOT, "dist", "types-"));
try {
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  rmSync(OUT, { recursive: true, force: true });
  const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  execFileSync(process.execPath, [tsc, "-p", folder], { stdio: "inherit" });
} finally {
  rmSync(folder, { recursive: true });
}

for (const name of readdirSync(OUT, { recursive: true }).map(String)) {
  if (!name.endsWith(".d.ts")) continue;
  const file = join(OUT, name);
  const text = readFileSync(file, "utf8").replace(/((?:from|import\() ?")(\.[^"]+)(")/g, "$1$2.cjs$3");
  writeFileSync(file.replace(/\.d\.ts$/, ".d.cts"), text);
  rmSync(file);
}
